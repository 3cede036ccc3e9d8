//! The words of the desk: statuses, priorities, categories, outcomes, clocks and their states.

use alloc::string::String;
use core::fmt;

use crate::text::Language;
use crate::text::Localized;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal, $en:literal, $es:literal;)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum $name {
            $(
                #[doc = concat!("`", $word, "`: ", $en, ".")]
                #[cfg_attr(feature = "serde", serde(rename = $word))]
                $variant,
            )*
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that documents use.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The one that documents call by that word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl Localized for $name {
            fn localized(&self, language: Language) -> String {
                match self { $(Self::$variant => language.choose($en, $es)),* }.into()
            }
        }
    )*};
}

words! {
    /// Where a ticket stands, in the order of its life. Closed: the transition table has these six.
    Status {
        Open = "open", "open", "abierta";
        Triaged = "triaged", "triaged", "clasificada";
        InProgress = "in-progress", "in progress", "en curso";
        WaitingOnUser = "waiting-on-user", "waiting on user", "a la espera del usuario";
        Resolved = "resolved", "resolved", "resuelta";
        Closed = "closed", "closed", "cerrada";
    }

    /// How pressing a ticket is, least first. Closed: triage orders by these four.
    Priority {
        Low = "low", "low", "baja";
        Normal = "normal", "normal", "normal";
        High = "high", "high", "alta";
        Urgent = "urgent", "urgent", "urgente";
    }

    /// What a ticket is about. Closed: service levels are stated for these eight.
    Category {
        Hardware = "hardware", "hardware", "equipos";
        Software = "software", "software", "programas";
        Network = "network", "network", "red";
        Access = "access", "access", "accesos";
        Email = "email", "email", "correo electrónico";
        Phone = "phone", "phone", "teléfono";
        Account = "account", "account", "cuenta";
        Other = "other", "other", "otros";
    }

    /// How a ticket ended, while it is resolved or closed. Closed: each is a row of the transition table.
    Outcome {
        Resolved = "resolved", "resolved by the desk", "resuelta por el servicio";
        Withdrawn = "withdrawn", "withdrawn by the reporter", "retirada por quien la abrió";
        GivenUp = "given-up", "given up for want of an answer", "abandonada por falta de respuesta";
        Duplicate = "duplicate", "a duplicate of another", "duplicada de otra";
    }

    /// The three clocks of a ticket. Closed: service levels state these.
    ClockKind {
        Respond = "respond", "time to respond", "tiempo de respuesta";
        Update = "update", "time to update", "tiempo de seguimiento";
        Resolve = "resolve", "time to resolve", "tiempo de resolución";
    }

    /// How a clock stands at an instant. Closed: every clock is in one of these.
    ClockState {
        Off = "off", "off", "sin plazo";
        Running = "running", "running", "en marcha";
        Paused = "paused", "paused", "en pausa";
        AtRisk = "at-risk", "at risk", "en riesgo";
        Overdue = "overdue", "overdue", "vencido";
        Met = "met", "met", "cumplido";
        Missed = "missed", "missed", "incumplido";
    }

    /// Who speaks in a public reply. Closed: clocks and transitions tell these three apart.
    Voice {
        Reporter = "reporter", "reporter", "quien la abrió";
        Agent = "agent", "agent", "agente";
        System = "system", "system", "sistema";
    }
}

impl Status {
    /// Neither resolved nor closed.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }

    /// Whether the resolve and update clocks stand still.
    #[must_use]
    pub const fn pauses(self) -> bool {
        matches!(self, Self::WaitingOnUser | Self::Resolved | Self::Closed)
    }
}
