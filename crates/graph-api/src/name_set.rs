//! Sets of things that have names, such as permissions: small, and constant where they are written down.

/// Gives a set of an enum that has `ALL`, `name` and `parse`, one bit for each.
macro_rules! name_set {
    ($(#[doc = $doc:literal])+ $set:ident of $item:ident in $bits:ty) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub struct $set($bits);

        impl $set {
            /// A set of the given ones.
            pub const fn of(items: &[$item]) -> Self {
                let mut bits = 0;
                let mut at = 0;
                while at < items.len() {
                    bits |= 1 << items[at] as $bits;
                    at += 1;
                }
                Self(bits)
            }

            /// Whether it is in the set.
            pub const fn has(self, item: $item) -> bool {
                self.0 & (1 << item as $bits) != 0
            }

            /// What is in both sets.
            #[must_use]
            pub const fn and(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }

            /// What is in one of the sets or in both.
            #[must_use]
            pub const fn or(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// What is in this set and not in the other.
            #[must_use]
            pub const fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }

            /// Whether there is none in it.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// What is in it, in the order of the table.
            pub fn iter(self) -> impl Iterator<Item = $item> {
                $item::ALL.iter().copied().filter(move |item| self.has(*item))
            }

            /// Reads a comma list, as the database holds it; unknown names are left out.
            pub fn parse(list: &str) -> Self {
                list.split(',').filter_map($item::parse).collect()
            }
        }

        impl FromIterator<$item> for $set {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                items.into_iter().fold(Self::default(), |set, item| Self(set.0 | 1 << item as $bits))
            }
        }

        impl std::fmt::Display for $set {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                for (at, item) in self.iter().enumerate() {
                    let comma = if at == 0 { "" } else { "," };
                    write!(f, "{comma}{}", item.name())?;
                }
                Ok(())
            }
        }

        impl std::fmt::Debug for $set {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{{{self}}}")
            }
        }
    };
}
pub(crate) use name_set;
