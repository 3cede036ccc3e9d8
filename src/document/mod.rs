//! Documents: policies, scenarios, commands and questions as data of any serde format.

mod command;
#[cfg(feature = "json")]
mod json;
mod names;
mod node;
mod order;
mod policy;
pub mod question;
mod reader;
mod rows;
#[cfg(feature = "toml")]
mod toml;
mod whole;
mod write;

pub use names::Names;
pub use node::Node;
pub use question::Question;
pub use whole::Document;
