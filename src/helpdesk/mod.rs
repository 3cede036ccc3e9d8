//! The desk around access: tickets, clocks and views.
//!
//! A ticket is a pure state machine, and a [`Desk`] is a tenant's tickets. Neither reads a clock nor knows a tenant:
//! who looks comes in as a [`Viewer`], when as an instant, and what the host knows beside as [`Facts`]. No due date, no
//! overdue flag and no count is kept: all of that is computed from a ticket's history, the calendar, the policy and
//! an instant.
//!
//! [`Desk::decide`] turns a [`Command`] into an [`Event`] or a [`Refusal`] and changes nothing; [`Desk::apply`] takes the
//! event in and cannot fail. [`Desk::tiles`], [`Desk::pills`], [`Desk::queue`], [`Desk::summary`] and [`Desk::detail`]
//! answer for a viewer.

mod calendar;
mod clock;
mod command;
mod date;
mod decide;
mod desk;
mod error;
mod event;
mod figures;
mod handover;
mod index;
mod service;
mod settings;
mod thread;
mod ticket;
mod transition;
mod viewer;
mod views;
mod words;
mod zone;

pub use calendar::Calendar;
pub use calendar::CalendarError;
pub use calendar::Hours;
pub use clock::DueExplanation;
pub use clock::Reading;
pub use command::AssignTicket;
pub use command::Attach;
pub use command::Command;
pub use command::DuplicateOf;
pub use command::FollowUp;
pub use command::LinkRequest;
pub use command::MoveTicket;
pub use command::NoteOn;
pub use command::OpenTicket;
pub use command::ReopenTicket;
pub use command::ReplyTo;
pub use command::SetCategory;
pub use command::SetPriority;
pub use command::SetService;
pub use command::WithdrawTicket;
pub use date::Date;
pub use date::DateError;
pub use date::DaySpan;
pub use date::Weekday;
pub use desk::Desk;
pub use error::Broken;
pub use error::Misfit;
pub use error::Refusal;
pub use event::Change;
pub use event::Event;
pub use event::Happened;
pub use event::Opened;
pub use event::TicketChange;
pub use figures::Figures;
pub use figures::Spread;
pub use figures::Work;
pub use handover::Handover;
pub use handover::Move;
pub use handover::Part;
pub use service::DuplicateRule;
pub use service::Service;
pub use service::Sla;
pub use service::SlaRule;
pub use settings::AttachmentLimits;
pub use settings::DeskSettings;
pub use settings::MediaRange;
pub use settings::Percent;
pub use settings::SettingError;
pub use thread::Attachment;
pub use thread::Entry;
pub use thread::HistoryEntry;
pub use thread::Internal;
pub use thread::Note;
pub use thread::Public;
pub use thread::Reply;
pub use transition::Cause;
pub use transition::Hand;
pub use transition::ROWS;
pub use transition::Row;
pub use transition::Step;
pub use transition::markdown_table;
pub use transition::mermaid_diagram;
pub use transition::step;
pub use viewer::Facts;
pub use viewer::Viewer;
pub use views::Attached;
pub use views::Detail;
pub use views::InternalTicket;
pub use views::Link;
pub use views::NextStep;
pub use views::Pills;
pub use views::PublicTicket;
pub use views::QueueFilter;
pub use views::Summary;
pub use views::Tiles;
pub use words::Category;
pub use words::ClockKind;
pub use words::ClockState;
pub use words::Outcome;
pub use words::Priority;
pub use words::Status;
pub use words::Voice;
