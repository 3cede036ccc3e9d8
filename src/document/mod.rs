//! Documents: policies, scenarios, commands and questions as data of any serde format.

mod answer;
mod command;
mod desk;
mod expect;
#[cfg(feature = "json")]
mod json;
mod names;
mod node;
mod order;
mod policy;
pub mod question;
mod reader;
mod report;
mod rows;
mod scenario;
mod scene;
mod service;
mod stage;
mod ticket;
#[cfg(feature = "toml")]
mod toml;
mod whole;
mod write;

pub use names::Names;
pub use node::Node;
pub use question::Question;
pub use report::Difference;
pub use report::Report;
pub use scenario::Scenario;
pub use whole::Document;
