#![cfg_attr(all(feature = "json", feature = "toml"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "json", feature = "toml")),
    doc = "Decides who may do what, until when and why."
)]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod as_of;
mod catalog;
pub mod command;
mod current;
mod decision;
mod difference;
#[cfg(feature = "serde")]
pub mod document;
mod duties;
mod edges;
mod event;
pub mod exchange;
mod explain;
mod fault;
mod filter;
mod governance;
#[cfg(all(feature = "json", feature = "toml"))]
pub mod guide;
pub mod helpdesk;
mod history;
mod id;
mod inbox;
mod ix;
#[cfg(feature = "sha2")]
pub mod journal;
mod layer;
mod leaver;
mod machine;
mod model;
pub mod policy;
mod refusal;
mod remedy;
mod review;
mod rule;
mod separation;
mod snapshot;
mod source;
mod speech;
mod staff;
mod tenant;
mod text;
mod time;
mod until;

pub use as_of::AsOf;
pub use as_of::QuestionError;
pub use command::Command;
pub use command::CommandKind;
pub use current::ChecklistDuty;
pub use current::ChecklistModule;
pub use current::Current;
pub use current::CurrentEntry;
pub use current::Does;
pub use current::Row;
pub use decision::Decision;
pub use decision::Denial;
pub use decision::Ref;
pub use decision::Resource;
pub use difference::Access;
pub use difference::Difference;
pub use difference::DifferenceRow;
pub use difference::Side;
pub use difference::Turn;
pub use event::Change;
pub use event::Changes;
pub use event::Event;
pub use event::Made;
pub use event::Person;
pub use event::SCHEMA;
pub use event::Stamp;
pub use event::Thing;
pub use explain::Ceiling;
pub use explain::Explanation;
pub use explain::Gate;
pub use explain::GateKind;
pub use explain::LimitSource;
pub use explain::LimitStatement;
pub use explain::Membership;
pub use explain::Provenance;
pub use explain::RecordFacts;
pub use explain::Standing;
pub use explain::Statement;
pub use explain::StatementKind;
pub use fault::Fault;
pub use fault::Mistake;
pub use filter::Filter;
pub use filter::Records;
pub use filter::ScopeRule;
pub use filter::Teams;
pub use governance::Governed;
pub use governance::Moved;
pub use governance::campaign::CampaignChange;
pub use governance::campaign::CampaignState;
pub use governance::campaign::Decided;
pub use governance::campaign::Item;
pub use governance::campaign::ItemState;
pub use governance::campaign::Opened;
pub use governance::campaign::Outcome;
pub use governance::request::RequestChange;
pub use governance::request::RequestState;
pub use history::History;
pub use history::LogEntry;
pub use history::LogView;
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
pub use inbox::AccessRequest;
pub use inbox::Waiting;
pub use ix::DutyId;
pub use ix::ScopeId;
pub use ix::TeamId;
pub use ix::UserId;
#[cfg(feature = "sha2")]
pub use journal::Journal;
pub use layer::Layer;
pub use layer::Opinion;
pub use leaver::Fate;
pub use leaver::Handing;
pub use policy::Policy;
pub use policy::Reach;
pub use policy::Seat;
pub use policy::Sensitivity;
pub use refusal::Refusal;
pub use remedy::Remedy;
pub use remedy::RemedyStep;
pub use review::CampaignReport;
pub use review::Progress;
pub use review::ReviewItem;
pub use rule::Rank;
pub use separation::Violation;
pub use snapshot::Duties;
pub use snapshot::HashKey;
pub use snapshot::Memory;
#[cfg(feature = "std")]
pub use snapshot::Publisher;
#[cfg(feature = "std")]
pub use snapshot::Reader;
pub use snapshot::Snapshot;
pub use snapshot::SnapshotAsOf;
pub use snapshot::SnapshotOptions;
pub use snapshot::Touched;
pub use snapshot::Users;
pub use speech::Named;
pub use tenant::Tenant;
pub use tenant::Unfit;
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
