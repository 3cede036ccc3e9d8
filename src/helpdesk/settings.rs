//! The desk's own policy: how long things wait, when a clock is at risk, what may be attached.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::service::Service;
use crate::text::Language;
use crate::text::Localized;
use crate::time::Duration;

/// Why a setting of the desk is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// A share of more than 100 percent.
    #[error("a percentage from 0 to 100")]
    BadPercentage,
    /// A media type is neither `type/subtype` nor `type/*`.
    #[error("`{media}` is not a media type such as `image/png` or `image/*`")]
    BadMedia {
        /// As it was given.
        media: String,
    },
    /// There are more media types than a desk may list.
    #[error("at most {most} media types")]
    TooManyMedia {
        /// The greatest number.
        most: usize,
    },
}

impl SettingError {
    /// The stable code: `out-of-range` or `wrong-shape`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadPercentage | Self::TooManyMedia { .. } => "out-of-range",
            Self::BadMedia { .. } => "wrong-shape",
        }
    }
}

impl Localized for SettingError {
    fn localized(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, _) => self.to_string(),
            (Language::Spanish, Self::BadPercentage) => "un porcentaje de 0 a 100".into(),
            (Language::Spanish, Self::BadMedia { media }) => {
                alloc::format!("`{media}` no es un tipo de medio como `image/png` o `image/*`")
            }
            (Language::Spanish, Self::TooManyMedia { most }) => {
                alloc::format!("{most} tipos de medio como máximo")
            }
        }
    }
}

/// A share in whole percent, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u8", into = "u8"))]
pub struct Percent(u8);

impl Percent {
    /// A share of so many percent.
    ///
    /// # Errors
    ///
    /// [`SettingError::BadPercentage`] above 100.
    pub fn new(percent: u8) -> Result<Self, SettingError> {
        if percent > 100 {
            Err(SettingError::BadPercentage)
        } else {
            Ok(Self(percent))
        }
    }

    /// The number of percent.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Percent {
    type Error = SettingError;

    fn try_from(percent: u8) -> Result<Self, SettingError> {
        Self::new(percent)
    }
}

impl From<Percent> for u8 {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

/// A media type that may be attached: `application/pdf`, or every subtype of one: `image/*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct MediaRange(String);

impl MediaRange {
    /// Checks and keeps a range; capitals do not matter.
    ///
    /// # Errors
    ///
    /// [`SettingError::BadMedia`] if it is neither `type/subtype`, `type/*` nor `*/*`.
    pub fn new(media: &str) -> Result<Self, SettingError> {
        let valid = match media.split_once('/') {
            Some(("*", "*")) => true,
            Some((kind, "*")) => is_token(kind),
            Some((kind, subtype)) => is_token(kind) && is_token(subtype),
            None => false,
        };
        if valid {
            Ok(Self(media.to_ascii_lowercase()))
        } else {
            Err(SettingError::BadMedia {
                media: media.chars().take(80).collect(),
            })
        }
    }

    /// The range as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a media type, such as `image/png` or `text/plain; charset=utf-8`, lies in it.
    #[must_use]
    pub fn admits(&self, media: &str) -> bool {
        let bare = media
            .split_once(';')
            .map_or(media, |(bare, _)| bare)
            .trim_end();
        let Some((kind, subtype)) = bare.split_once('/') else {
            return false;
        };
        if !is_token(kind) || !is_token(subtype) {
            return false;
        }
        match self.0.split_once('/') {
            Some(("*", _)) => true,
            Some((wanted, "*")) => kind.eq_ignore_ascii_case(wanted),
            _ => bare.eq_ignore_ascii_case(&self.0),
        }
    }
}

impl TryFrom<String> for MediaRange {
    type Error = SettingError;

    fn try_from(media: String) -> Result<Self, SettingError> {
        Self::new(&media)
    }
}

impl From<MediaRange> for String {
    fn from(range: MediaRange) -> Self {
        range.0
    }
}

fn is_token(text: &str) -> bool {
    let sign = |byte: u8| b"!#$&-^_.+".contains(&byte);
    (1..=127).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || sign(byte))
}

/// What may be attached to a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct AttachmentLimits {
    /// The greatest size of one, in bytes; 10 000 000 unless said.
    pub bytes: u64,
    /// The greatest number on one ticket; 20 unless said.
    pub count: u32,
    /// The media types that are taken; images, PDF and plain text unless said.
    pub media: Vec<MediaRange>,
}

/// The greatest number of media types in a desk's list.
const MOST_MEDIA: usize = 1_000;

impl AttachmentLimits {
    /// Limits with a list of media types that is checked.
    ///
    /// # Errors
    ///
    /// [`SettingError`] if one is no media type, or there are more than 1 000.
    pub fn new<'a>(
        bytes: u64,
        count: u32,
        media: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, SettingError> {
        let media: Vec<MediaRange> = media
            .into_iter()
            .map(MediaRange::new)
            .collect::<Result<_, _>>()?;
        if media.len() > MOST_MEDIA {
            return Err(SettingError::TooManyMedia { most: MOST_MEDIA });
        }
        Ok(Self {
            bytes,
            count,
            media,
        })
    }
}

impl Default for AttachmentLimits {
    fn default() -> Self {
        Self {
            bytes: 10_000_000,
            count: 20,
            media: ["image/*", "application/pdf", "text/plain"]
                .map(|media| MediaRange(media.into()))
                .into(),
        }
    }
}

/// The policy of a desk: what a document says in `[helpdesk]`, but for its duties, in `[calendar]` and `[[sla]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(default, rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct DeskSettings {
    /// A resolved ticket closes after so long, in real time; 5 days unless said.
    pub close_after: Duration,
    /// A ticket that waits for the user is resolved after so long, in real time; never unless said.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub give_up: Option<Duration>,
    /// A closed ticket can be reopened until so long after its closing; 30 days unless said.
    pub reopen_within: Duration,
    /// The share of a target from which a clock is at risk; 80 unless said.
    pub warn: Percent,
    /// What may be attached.
    pub attachments: AttachmentLimits,
    /// The calendar and the service levels at the start.
    pub service: Service,
}

impl Default for DeskSettings {
    fn default() -> Self {
        Self {
            close_after: Duration::from_days(5),
            give_up: None,
            reopen_within: Duration::from_days(30),
            warn: Percent(80),
            attachments: AttachmentLimits::default(),
            service: Service::default(),
        }
    }
}
