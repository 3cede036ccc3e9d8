//! The table, and how its times are taken: of the thread's own work, in the middle of several batches.

use rustix::time::ClockId;
use rustix::time::clock_gettime;

/// A miss by more than this is a failure: shared machines make smaller ones.
const MARGIN: f64 = 1.5;

/// The required ratios are of a tenant as large as this; a smaller one is only shown.
const REQUIRED_FROM: usize = 100_000;

pub struct Table {
    pub holds: bool,
    requires: bool,
}

impl Table {
    pub fn head() {
        println!(
            "{:<38} {:>10}  {:<38} {:>10} {:>9}",
            "what", "bailiwick", "peer", "ratio", "required"
        );
    }

    pub fn new(users: usize) -> Self {
        Self {
            holds: true,
            requires: users >= REQUIRED_FROM,
        }
    }

    /// How many times less bailiwick takes than a peer, beside what is required.
    pub fn less(&mut self, what: &str, ours: f64, peer: &str, theirs: f64, wanted: Option<f64>) {
        let ratio = theirs / ours;
        let peer = format!("{peer} {theirs:.2}");
        let wanted = wanted.filter(|_| self.requires);
        let verdict = wanted.map_or_else(String::new, |wanted| {
            let met = if ratio >= wanted { "met" } else { "NOT MET" };
            format!(">= {wanted:>6}  {met}")
        });
        println!("{what:<38} {ours:>10.2}  {peer:<38} {ratio:>10.1} {verdict}");
        self.holds &= wanted.is_none_or(|wanted| ratio * MARGIN >= wanted);
    }
}

fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// The nanoseconds that one of `each` takes.
pub fn time(each: usize, mut batch: impl FnMut()) -> f64 {
    time_to_make(&mut batch) / each as f64
}

/// The nanoseconds that making something takes, after a first time; what was made is dropped off the clock. What is
/// slow is repeated less often.
pub fn time_to_make<T>(mut make: impl FnMut() -> T) -> f64 {
    drop(make());
    let (mut took, mut sum) = (Vec::new(), 0.0);
    while took.len() < 3 || sum < 1e9 && took.len() < 7 || sum < 8e7 && took.len() < 1_001 {
        let start = now();
        let made = make();
        took.push(now() - start);
        sum += took[took.len() - 1];
        drop(made);
    }
    middle(took)
}

fn middle(mut took: Vec<f64>) -> f64 {
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}
