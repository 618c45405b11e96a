//! Tasks: what a person may do on a page, as a set.

use crate::name_set::name_set;

/// A task on a page (doc: Pages API, tasks; the order is that of a captured `/me/accounts`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Task {
    /// `ANALYZE`
    Analyze,
    /// `ADVERTISE`
    Advertise,
    /// `MESSAGING`
    Messaging,
    /// `MODERATE`
    Moderate,
    /// `CREATE_CONTENT`
    CreateContent,
    /// `MANAGE`
    Manage,
}

impl Task {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Analyze, Self::Advertise, Self::Messaging, Self::Moderate, Self::CreateContent, Self::Manage];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Analyze => "ANALYZE",
            Self::Advertise => "ADVERTISE",
            Self::Messaging => "MESSAGING",
            Self::Moderate => "MODERATE",
            Self::CreateContent => "CREATE_CONTENT",
            Self::Manage => "MANAGE",
        }
    }

    /// The task of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|task| task.name() == name)
    }
}

name_set! {
    /// A set of tasks.
    TaskSet of Task in u8
}

impl TaskSet {
    /// No task at all.
    pub const NONE: Self = Self::of(&[]);
    /// Every task: a page's full control.
    pub const ALL: Self = Self::of(Task::ALL);

    /// Whether the two sets have a task in common.
    pub const fn meets(self, other: Self) -> bool {
        !self.and(other).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_written_and_read() {
        let set = TaskSet::of(&[Task::Moderate, Task::Messaging]);
        assert_eq!(set.to_string(), "MESSAGING,MODERATE");
        assert_eq!(TaskSet::parse("MODERATE,NONSENSE,MESSAGING"), set);
        assert!(set.meets(TaskSet::of(&[Task::Messaging, Task::Manage])));
        assert!(!set.meets(TaskSet::of(&[Task::Manage])));
        assert!(TaskSet::ALL.has(Task::Manage) && !set.has(Task::Manage));
        assert!(TaskSet::default().is_empty() && TaskSet::parse("").is_empty());
    }
}
