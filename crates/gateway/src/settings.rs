//! What can be chosen of a gateway; an integration may choose otherwise for itself.

/// What becomes of rich content on Instagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// The best that Instagram can show.
    #[default]
    Native,
    /// What Sunshine documents: carousels and lists become raw text, buttons become lines.
    Sunshine,
}

impl Profile {
    /// By name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "native" => Some(Self::Native),
            "sunshine" => Some(Self::Sunshine),
            _ => None,
        }
    }
}

/// When replies carry the tag `HUMAN_AGENT`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HumanAgentTag {
    /// Every reply, as Sunshine does (seed).
    Always,
    /// Replies of people after the standard window, never those of bots.
    #[default]
    Auto,
    /// None.
    Never,
}

impl HumanAgentTag {
    /// By name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "always" => Some(Self::Always),
            "auto" => Some(Self::Auto),
            "never" => Some(Self::Never),
            _ => None,
        }
    }
}

/// What can be chosen.
#[derive(Clone, Debug)]
pub struct Settings {
    /// As in [`Profile`].
    pub profile: Profile,
    /// As in [`HumanAgentTag`].
    pub human_agent_tag: HumanAgentTag,
    /// Nothing but what Sunshine has: no properties, triggers and events of our own.
    pub strict: bool,
    /// What the account's owner sends from the Instagram app becomes a business message.
    pub import_echoes: bool,
    /// A closed window fails as `message_window_expired` rather than `uncategorized_error`.
    pub window_expired_code: bool,
    /// The line that is put under the messages of an `AI` author; none by default.
    pub ai_disclaimer: Option<String>,
    /// Secrets that may have signed what Instagram sends, besides those of the integrations.
    pub secrets: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: Profile::Native,
            human_agent_tag: HumanAgentTag::Auto,
            strict: false,
            import_echoes: true,
            window_expired_code: false,
            ai_disclaimer: None,
            secrets: Vec::new(),
        }
    }
}
