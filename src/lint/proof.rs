//! How much of the finite universe was gone through to be sure.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::speech;
use crate::text::Language;
use crate::text::Localized;

/// How much was looked at to be sure: the numbers of the finite universe that was gone through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Proof {
    /// Users, those that may yet come counted as one.
    pub users: usize,
    /// Places, once for each user and instant.
    pub places: usize,
    /// Instants at which something begins or ends, the present one included, once for each user.
    pub instants: usize,
    /// Duties, once for each of those places.
    pub duties: usize,
}

impl Localized for Proof {
    fn localized(&self, language: Language) -> String {
        let counts = [
            (self.users, ["user", "users"], ["usuario", "usuarios"]),
            (
                self.instants,
                ["instant", "instants"],
                ["instante", "instantes"],
            ),
            (self.places, ["place", "places"], ["lugar", "lugares"]),
            (self.duties, ["duty", "duties"], ["función", "funciones"]),
        ];
        let said = counts.into_iter().filter(|(count, ..)| *count > 0);
        let said: Vec<String> = said
            .map(|(count, english, spanish)| {
                let [one, many] = language.choose(english, spanish);
                format!("{count} {}", if count == 1 { one } else { many })
            })
            .collect();
        if said.is_empty() {
            return language.choose("by its form", "por su forma").into();
        }
        let list = speech::list(&said, language);
        language.choose(format!("looked at {list}"), format!("se miró {list}"))
    }
}
