//! The helpdesk: its table, its clocks, its views, through the public API.

mod access;
mod calendars;
mod clocks;
pub(crate) mod office;
mod overhear;
mod refusals;
mod rows;
mod small_world;
mod views;

use office::Office;
use office::at;
use office::later;
use office::rule;
use office::settings;
use office::viewer;
