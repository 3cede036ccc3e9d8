//! Decides who may do what, until when and why.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod command;
#[cfg(feature = "serde")]
pub mod document;
mod fault;
mod id;
pub mod policy;
mod text;
mod time;

pub use fault::Fault;
pub use fault::Mistake;
pub use id::Actor;
pub use id::CampaignId;
pub use id::DutyKey;
pub use id::HolderKey;
pub use id::ItemKey;
pub use id::Key;
pub use id::Kind;
pub use id::MalformedKey;
pub use id::RequestId;
pub use id::TargetKey;
pub use id::TicketId;
pub use id::Unknown;
pub use id::UserKey;
pub use text::Body;
pub use text::Label;
pub use text::Language;
pub use text::Localized;
pub use text::Name;
pub use text::Text;
pub use text::TextError;
pub use time::Duration;
pub use time::TimeError;
pub use time::Timestamp;
pub use time::Window;
