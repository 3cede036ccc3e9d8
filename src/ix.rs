//! Positions in a tenant's tables, and the handles that carry them outside.

use core::fmt;
use core::num::NonZeroU32;

macro_rules! ix {
    ($($(#[$doc:meta])* $name:ident($inner:ty))*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub(crate) struct $name(pub(crate) $inner);

        impl $name {
            /// As an index into the table.
            pub(crate) const fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ix! {
    /// A module in catalog order.
    ModuleIx(u16)
    /// An object in catalog order.
    ObjectIx(u16)
    /// A duty in catalog order: its bit.
    DutyIx(u16)
    /// A limit.
    LimitIx(u16)
    /// A group.
    GroupIx(u32)
    /// A profile.
    ProfileIx(u32)
    /// A user.
    UserIx(u32)
    /// A conflicting set.
    ConflictIx(u32)
}

macro_rules! optional_ix {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(from = "u32", into = "u32"))]
        pub(crate) struct $name(
            /// One more than the position, so that an absent one takes no room of its own.
            NonZeroU32,
        );

        impl $name {
            pub(crate) const fn new(position: u32) -> Self {
                Self(NonZeroU32::MIN.saturating_add(position))
            }

            pub(crate) const fn get(self) -> u32 {
                self.0.get() - 1
            }

            /// As an index into the table.
            pub(crate) const fn at(self) -> usize {
                self.get() as usize
            }
        }

        impl From<u32> for $name {
            fn from(position: u32) -> Self {
                Self::new(position)
            }
        }

        impl From<$name> for u32 {
            fn from(ix: $name) -> Self {
                ix.get()
            }
        }
    )*};
}

optional_ix! {
    /// A scope below the root.
    ScopeIx
    /// A department.
    DepartmentIx
    /// A team.
    TeamIx
}

/// Where something holds: a scope, or the root.
pub(crate) type Place = Option<ScopeIx>;

/// Which tenant a handle belongs to: a digest of what it was founded with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Tag(u32);

impl Tag {
    /// The tag of the tenant with that name and these keys.
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mix = |digest: u64, word: u64| {
            let mixed = (digest ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^ mixed >> 32
        };
        let mut digest = 0;
        for text in texts {
            let (words, rest) = text.as_bytes().as_chunks();
            for word in words {
                digest = mix(digest, u64::from_le_bytes(*word));
            }
            let rest = rest
                .iter()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
            // With its length, so that it matters where one text ends.
            digest = mix(mix(digest, rest), text.len() as u64);
        }
        Self(u32::try_from(digest >> 32).unwrap_or(u32::MAX))
    }
}

macro_rules! handle {
    ($($(#[$doc:meta])* $name:ident($ix:ident))*) => {$(
        $(#[$doc])*
        ///
        /// A handle is found once by key and then asked with, without a look-up. It holds for the life of
        /// its tenant, in every snapshot of it; with a tenant that was founded on another document it is an error.
        /// Tenants that were founded on the same one, and copies of one that have gone apart since, are told apart
        /// by nothing: there a handle of one may be another thing in the other.
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name {
            ix: $ix,
            tag: Tag,
        }

        impl $name {
            pub(crate) const fn new(tag: Tag, ix: $ix) -> Self {
                Self { ix, tag }
            }

            /// The position, if the handle is one of that tenant's.
            pub(crate) fn of(self, tag: Tag) -> Option<$ix> {
                (self.tag == tag).then_some(self.ix)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.ix.at())
            }
        }
    )*};
}

handle! {
    /// A user of one tenant.
    ///
    /// ```compile_fail
    /// fn ask(user: bailiwick::UserId, duty: bailiwick::DutyId) {}
    /// fn mixed(user: bailiwick::UserId, duty: bailiwick::DutyId) { ask(duty, user) }
    /// ```
    UserId(UserIx)
    /// A duty of one tenant.
    DutyId(DutyIx)
    /// A scope of one tenant.
    ScopeId(ScopeIx)
    /// A team of one tenant.
    TeamId(TeamIx)
}

#[cfg(test)]
mod tests {
    use super::ScopeIx;
    use super::Tag;
    use alloc::collections::BTreeSet;
    use alloc::format;

    #[test]
    fn other_texts_have_another_tag() {
        let tags: BTreeSet<u32> = (0..5_000)
            .map(|n| Tag::of([format!("Rio {n}").as_str()]).0)
            .collect();
        assert_eq!(tags.len(), 5_000);
        assert_eq!(Tag::of(["Rio", "Seco"]), Tag::of(["Rio", "Seco"]));
        assert_ne!(Tag::of(["Rio", "Seco"]), Tag::of(["RioS", "eco"]));
    }

    /// No bit is without effect, wherever it stands.
    #[test]
    fn texts_that_differ_in_one_bit_have_another_tag() {
        let text = "civic-administration-of-rio-vista";
        let mut tags = BTreeSet::from([Tag::of([text]).0]);
        for place in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.as_bytes().to_vec();
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << bit;
                }
                let text = core::str::from_utf8(&bytes).unwrap_or_default();
                assert!(tags.insert(Tag::of([text]).0), "{text}");
            }
        }
    }

    #[test]
    fn absent_positions_take_no_room_of_their_own() {
        assert_eq!(size_of::<Option<ScopeIx>>(), size_of::<ScopeIx>());
        for position in [0, 1, 7, 1 << 29, u32::MAX - 1] {
            assert_eq!(ScopeIx::new(position).get(), position);
            assert_eq!(u32::from(ScopeIx::from(position)), position);
        }
    }
}
