//! The `fields=` grammar.
//!
//! ```text
//! fields   := item ("," item)*
//! item     := name modifier* [ "{" fields "}" ]
//! modifier := "." word "(" value ")"
//! ```
//! Examples that clients send: `id,from,to,message`, `messages.limit(5){id,from}`, `participants{id,username}`
//! (doc: Graph API, field expansion).

use crate::{ErrorName, GraphError, Result};

/// One asked field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its modifiers in the order written, such as `("limit", "5")`.
    pub modifiers: Vec<(String, String)>,
    /// What is asked of the nodes that it leads to; `None` if no braces follow.
    pub fields: Option<Vec<Field>>,
}

impl Field {
    /// The value of a modifier, such as `limit`.
    pub fn modifier(&self, word: &str) -> Option<&str> {
        self.modifiers.iter().find(|(known, _)| known == word).map(|(_, value)| value.as_str())
    }
}

/// Writes a list as it could stand in a request again.
pub fn write(fields: &[Field]) -> String {
    let mut text = String::new();
    for field in fields {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&field.name);
        for (word, value) in &field.modifiers {
            text.extend([".", word, "(", value, ")"]);
        }
        if let Some(fields) = &field.fields {
            text.extend(["{", &write(fields), "}"]);
        }
    }
    text
}

/// Braces inside braces beyond this depth are refused: no client goes deeper than four.
const DEPTH: usize = 12;
/// More fields than this in one request are refused.
const COUNT: usize = 1000;

/// So many characters of a list are repeated in an error.
const SHOWN: usize = 500;

/// Reads the value of a `fields` parameter. Empty items, which trailing commas make, are left out.
pub fn parse(text: &str) -> Result<Vec<Field>> {
    let mut reader = Reader { text, rest: text, count: 0 };
    let fields = reader.list(0)?;
    match reader.rest.is_empty() {
        true => Ok(fields),
        false => Err(reader.expected("end of string")),
    }
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    count: usize,
}

impl Reader<'_> {
    fn list(&mut self, depth: usize) -> Result<Vec<Field>> {
        if depth > DEPTH {
            return Err(GraphError::invalid("fields", "nested less deeply"));
        }
        let mut fields = Vec::new();
        loop {
            self.spaces();
            let name = self.word();
            if !name.is_empty() {
                self.count += 1;
                if self.count > COUNT {
                    return Err(GraphError::invalid("fields", "a shorter list"));
                }
                fields.push(self.item(name, depth)?);
            }
            self.spaces();
            if !self.take(',') {
                return Ok(fields);
            }
        }
    }

    fn item(&mut self, name: String, depth: usize) -> Result<Field> {
        let mut modifiers = Vec::new();
        while self.take('.') {
            let word = self.word();
            if word.is_empty() {
                return Err(self.expected("name"));
            }
            if !self.take('(') {
                return Err(self.expected("\"(\""));
            }
            let Some(end) = self.rest.find(')') else {
                self.rest = "";
                return Err(self.expected("\")\""));
            };
            modifiers.push((word, self.rest[..end].trim().to_owned()));
            self.rest = &self.rest[end + 1..];
        }
        self.spaces();
        let fields = if self.take('{') {
            let fields = self.list(depth + 1)?;
            if !self.take('}') {
                return Err(self.expected("\"}\""));
            }
            Some(fields)
        } else {
            None
        };
        Ok(Field { name, modifiers, fields })
    }

    fn word(&mut self) -> String {
        let end =
            self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// What should stand where the reader is, and does not.
    fn expected(&self, what: &str) -> GraphError {
        let found =
            self.rest.chars().next().map_or_else(|| "end of string".to_owned(), |c| format!("\"{c}\""));
        let at = self.text[..self.text.len() - self.rest.len()].chars().count();
        // The whole list is repeated; what is very long would only fill the answer.
        let shown: String = self.text.chars().take(SHOWN).collect();
        GraphError::with(ErrorName::FieldsSyntax, [what, &found, &at.to_string(), &shown])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(fields: &[Field]) -> Vec<&str> {
        fields.iter().map(|f| f.name.as_str()).collect()
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = "id,messages.limit(5).after(x){id,from{id}},participants{}";
        assert_eq!(write(&parse(text).unwrap()), text);
        assert_eq!(parse(text).unwrap()[1].modifier("after"), Some("x"));
    }

    /// Lists of every shape, made from a seed: what is written reads back, and so it does with blanks wherever they may be.
    #[test]
    fn any_list_that_is_written_reads_back() {
        let chance = clock::SeededChance::new(3);
        let dice = |sides: u64| {
            let mut bytes = [0; 8];
            clock::Chance::fill(&chance, &mut bytes);
            u64::from_le_bytes(bytes) % sides
        };
        fn list(dice: &impl Fn(u64) -> u64, depth: u64) -> Vec<Field> {
            let word =
                || ["id", "messages", "from_1", "A", "limit"][usize::try_from(dice(5)).unwrap()].to_owned();
            (0..dice(4))
                .map(|_| Field {
                    name: word(),
                    modifiers: (0..dice(3))
                        .map(|_| {
                            (word(), ["5", "", "a,b", "{x"][usize::try_from(dice(4)).unwrap()].to_owned())
                        })
                        .collect(),
                    fields: (depth < 4 && dice(3) == 0).then(|| list(dice, depth + 1)),
                })
                .collect()
        }
        for _ in 0..500 {
            let made = list(&dice, 0);
            let text = write(&made);
            assert_eq!(parse(&text), Ok(made.clone()), "{text}");
            let spaced = text.replace('{', " { ").replace('}', " } ");
            // Inside the value of a modifier a blank is part of it.
            if !made.iter().any(|field| write(std::slice::from_ref(field)).contains("({x")) {
                assert_eq!(parse(&spaced).map(|read| write(&read)), Ok(text), "{spaced}");
            }
        }
    }

    #[test]
    fn what_clients_send() {
        assert_eq!(names(&parse("id,from,to,message").unwrap()), ["id", "from", "to", "message"]);
        let nested =
            parse(" messages.limit(5).order(reverse_chronological) {id, from{id,username}} , id,").unwrap();
        assert_eq!(names(&nested), ["messages", "id"]);
        assert_eq!(nested[0].modifiers[0], ("limit".into(), "5".into()));
        assert_eq!(names(nested[0].fields.as_ref().unwrap()), ["id", "from"]);
        assert_eq!(parse("").unwrap(), []);
        assert_eq!(parse("a{}").unwrap()[0].fields, Some(vec![]));
    }

    /// The first is captured.
    #[test]
    fn errors_say_what_was_expected_and_where() {
        for (text, message) in [
            (
                "third_party_id?access_token=X",
                "Syntax error \"Expected end of string instead of \"?\".\" at character 14: third_party_id?access_token=X",
            ),
            ("a{b", "Syntax error \"Expected \"}\" instead of end of string.\" at character 3: a{b"),
            ("é", "Syntax error \"Expected end of string instead of \"é\".\" at character 0: é"),
            (
                "ab.limit",
                "Syntax error \"Expected \"(\" instead of end of string.\" at character 8: ab.limit",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().message(crate::Host::Facebook), message);
        }
    }

    #[test]
    fn what_is_refused() {
        for wrong in
            ["a{", "a}", "a{b", "a.limit", "a.limit(5", "a.(5)", "a b", "a {b} c", "a;b", "é", "a.limit(5){b"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse(&"a{".repeat(100_000)).is_err());
        assert!(parse(&"a,".repeat(100_000)).is_err());
    }
}
