//! What a desk promises: targets by priority and category, counted on its calendar.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use super::calendar::Calendar;
use super::words::Category;
use super::words::ClockKind;
use super::words::Priority;
use crate::text::Language;
use crate::text::Localized;
use crate::time::Duration;

/// A service level: the targets of tickets of one priority, or of one priority and category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct SlaRule {
    /// The priority it is for.
    pub priority: Priority,
    /// The category it is for; absent: every category that has no rule of its own at this priority.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub category: Option<Category>,
    /// Time to the first response; absent: no such clock.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub respond: Option<Duration>,
    /// Time to answer a later message; absent: no such clock.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub update: Option<Duration>,
    /// Time to resolve; absent: no such clock.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub resolve: Option<Duration>,
}

impl SlaRule {
    fn target(&self, clock: ClockKind) -> Option<Duration> {
        match clock {
            ClockKind::Respond => self.respond,
            ClockKind::Update => self.update,
            ClockKind::Resolve => self.resolve,
        }
    }
}

/// Two rules are for the same priority and category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.localized(Language::English))]
pub struct DuplicateRule {
    /// Their priority.
    pub priority: Priority,
    /// Their category.
    pub category: Option<Category>,
    /// The place of the second in the list.
    pub index: usize,
}

impl DuplicateRule {
    /// The stable code, `duplicate-key`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "duplicate-key"
    }
}

impl Localized for DuplicateRule {
    fn localized(&self, language: Language) -> String {
        let key = match self.category {
            Some(category) => format!("{} {category}", self.priority),
            None => format!("{}", self.priority),
        };
        language.choose(
            format!("`{key}` already has a service level"),
            format!("`{key}` ya tiene un nivel de servicio"),
        )
    }
}

/// The service levels of a desk: at most one rule for each priority and category.
///
/// # Examples
///
/// ```
/// use bailiwick::helpdesk::{Category, ClockKind, Priority, Sla, SlaRule};
///
/// let urgent = SlaRule {
///     priority: Priority::Urgent,
///     category: None,
///     respond: Some("30m".parse()?),
///     update: None,
///     resolve: Some("4h".parse()?),
/// };
/// let network = SlaRule { category: Some(Category::Network), respond: Some("10m".parse()?), resolve: None, ..urgent };
/// let sla = Sla::new([urgent, network])?;
/// assert_eq!(sla.target(Priority::Urgent, Category::Phone, ClockKind::Resolve), Some("4h".parse()?));
/// // The rule for the category wins as a whole: it promises no time to resolve.
/// assert_eq!(sla.target(Priority::Urgent, Category::Network, ClockKind::Resolve), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sla {
    rules: BTreeMap<(Priority, Option<Category>), SlaRule>,
}

impl Sla {
    /// Service levels of these rules; the order is free.
    ///
    /// # Errors
    ///
    /// [`DuplicateRule`] if two are for the same priority and category.
    pub fn new(rules: impl IntoIterator<Item = SlaRule>) -> Result<Self, DuplicateRule> {
        let mut sla = Self::default();
        for (index, rule) in rules.into_iter().enumerate() {
            let (priority, category) = (rule.priority, rule.category);
            if sla.rules.insert((priority, category), rule).is_some() {
                return Err(DuplicateRule {
                    priority,
                    category,
                    index,
                });
            }
        }
        Ok(sla)
    }

    /// The rules, by priority and category.
    pub fn rules(&self) -> impl Iterator<Item = &SlaRule> {
        self.rules.values()
    }

    /// The target of a clock; none: there is no such clock.
    #[must_use]
    pub fn target(
        &self,
        priority: Priority,
        category: Category,
        clock: ClockKind,
    ) -> Option<Duration> {
        self.rules
            .get(&(priority, Some(category)))
            .or_else(|| self.rules.get(&(priority, None)))?
            .target(clock)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Sla {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rules())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Sla {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rules = <alloc::vec::Vec<SlaRule> as serde::Deserialize>::deserialize(deserializer)?;
        Self::new(rules).map_err(serde::de::Error::custom)
    }
}

/// The calendar and the service levels in force together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Service {
    /// When the desk is open.
    pub calendar: Calendar,
    /// What it promises.
    #[cfg_attr(feature = "serde", serde(default))]
    pub sla: Sla,
}

impl Default for Service {
    /// Always open, and nothing promised.
    fn default() -> Self {
        Self {
            calendar: Calendar::always(),
            sla: Sla::default(),
        }
    }
}
