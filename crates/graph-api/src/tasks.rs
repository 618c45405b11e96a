//! Tasks: what a person may do on a page, as a set.

use std::fmt;

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

/// A set of tasks.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TaskSet(u8);

impl TaskSet {
    /// No task at all.
    pub const NONE: Self = Self(0);
    /// Every task: a page's full control.
    pub const ALL: Self = Self::of(Task::ALL);

    /// A set of the given tasks.
    pub const fn of(tasks: &[Task]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < tasks.len() {
            bits |= 1 << tasks[at] as u8;
            at += 1;
        }
        Self(bits)
    }

    /// Whether the task is in the set.
    pub const fn has(self, task: Task) -> bool {
        self.0 & (1 << task as u8) != 0
    }

    /// Whether the two sets have a task in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there is none in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The tasks, in the order of the wire.
    pub fn iter(self) -> impl Iterator<Item = Task> {
        Task::ALL.iter().copied().filter(move |task| self.has(*task))
    }

    /// Reads a comma list, as the database holds it; unknown names are left out.
    pub fn parse(list: &str) -> Self {
        list.split(',').filter_map(Task::parse).collect()
    }
}

impl FromIterator<Task> for TaskSet {
    fn from_iter<I: IntoIterator<Item = Task>>(tasks: I) -> Self {
        Self(tasks.into_iter().fold(0, |bits, task| bits | 1 << task as u8))
    }
}

impl fmt::Display for TaskSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, task) in self.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{}", task.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for TaskSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
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
