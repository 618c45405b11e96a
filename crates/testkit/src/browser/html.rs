//! The forms of a page, as far as the sandbox's own pages go: well-formed, no scripts.

/// A form, filled in as the page has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Names and values: hidden fields, ticked boxes, the first option of each list, empty texts.
    pub fields: Vec<(String, String)>,
    /// The values that a list offers, and what it shows for each: name of the list, value, text.
    pub options: Vec<(String, String, String)>,
    /// The buttons: name and value.
    pub buttons: Vec<(String, String)>,
}

impl Form {
    /// The value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Sets a field that the form has once.
    ///
    /// # Panics
    /// If it has none of that name.
    pub fn set(&mut self, name: &str, value: &str) {
        let field = self.fields.iter_mut().find(|(known, _)| known == name);
        let field = field.unwrap_or_else(|| panic!("the form has no field {name}"));
        value.clone_into(&mut field.1);
    }

    /// Ticks a box.
    pub fn tick(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// Unticks a box. Whether there was one, and it was ticked.
    pub fn untick(&mut self, value: &str) -> bool {
        let before = self.fields.len();
        let is_box = |name: &str| matches!(name, "scope" | "page" | "account" | "delete_data");
        self.fields.retain(|(name, known)| !(is_box(name) && known == value));
        self.fields.len() < before
    }

    /// The value of a list's option with that value or text.
    pub fn option(&self, list: &str, named: &str) -> Option<&str> {
        let mut options = self.options.iter().filter(|(name, ..)| name == list);
        let found = options.find(|(_, value, text)| value == named || text == named);
        found.map(|(_, value, _)| value.as_str())
    }

    /// The form as it is sent when a button is pressed.
    pub fn encode(&self, button: Option<(&str, &str)>) -> String {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.fields);
        body.extend_pairs(button);
        body.finish()
    }
}

/// All forms of a page.
pub(super) fn forms(page: &str) -> Vec<Form> {
    page.split("<form").skip(1).map(|part| form(part.split("</form>").next().unwrap_or_default())).collect()
}

fn form(text: &str) -> Form {
    let action = attribute(text.split('>').next().unwrap_or_default(), "action").unwrap_or_default();
    let mut form = Form { action, fields: Vec::new(), options: Vec::new(), buttons: Vec::new() };
    let mut list = None;
    for tag in text.split('<').skip(1) {
        let (head, shown) = tag.split_once('>').unwrap_or((tag, ""));
        let value = attribute(head, "value").unwrap_or_default();
        let name = attribute(head, "name");
        match (head.split_whitespace().next().unwrap_or_default(), name) {
            ("input", Some(name)) => {
                let is_box = attribute(head, "type").as_deref() == Some("checkbox");
                if !is_box || head.split_whitespace().any(|word| word == "checked") {
                    form.fields.push((name, value));
                }
            }
            ("button", Some(name)) => form.buttons.push((name, value)),
            ("select", Some(name)) => {
                form.fields.push((name.clone(), String::new()));
                list = Some(name);
            }
            ("option", _) => {
                let Some(list) = &list else { continue };
                if !form.options.iter().any(|(name, ..)| name == list) {
                    form.set(list, &value);
                }
                form.options.push((list.clone(), value, decoded(shown.trim())));
            }
            _ => {}
        }
    }
    form
}

/// What a page says, without its tags, in one line.
pub(super) fn text(page: &str) -> String {
    let body = page.split_once("<main>").map_or(page, |(_, body)| body);
    let body = body.split("</main>").next().unwrap_or_default();
    let shown = body.split('<').map(|part| part.split_once('>').map_or(part, |(_, shown)| shown));
    let words = shown.flat_map(str::split_whitespace).collect::<Vec<_>>();
    decoded(&words.join(" "))
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let (_, rest) = head.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(decoded)
}

fn decoded(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_a_browser_would_send_them() {
        let page = r#"<h1>x</h1><form method="post" action="/a?b=1&amp;c=2">
<input type="hidden" name="csrf" value="t">
<label><input type="checkbox" name="scope" value="one" checked> One</label>
<label><input type="checkbox" name="scope" value="two"> Two</label>
<select name="user"><option value="1">Ana &amp; Co</option><option value="2">Ben</option></select>
<input name="other" autocomplete="off">
<button name="answer" value="allow">Allow</button></form><form method="post" action="/d"></form>"#;
        let forms = forms(page);
        assert_eq!(forms.len(), 2);
        let mut form = forms[0].clone();
        assert_eq!(form.action, "/a?b=1&c=2");
        assert_eq!(form.encode(Some(("answer", "allow"))), "csrf=t&scope=one&user=1&other=&answer=allow");
        assert_eq!(form.option("user", "Ana & Co"), Some("1"));
        form.set("user", "2");
        assert!(form.untick("one") && !form.untick("two"));
        assert_eq!(form.encode(None), "csrf=t&user=2&other=");
        assert_eq!(form.buttons, [("answer".to_owned(), "allow".to_owned())]);
    }
}
