//! Runs scenarios and loads policy documents from files: `scenario -- run PATH…`, `scenario -- load PATH…`.
//!
//! The library opens no file; this example does. With `--json` before the paths it prints JSON lines.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use bailiwick::Fault;
use bailiwick::Mistake;
use bailiwick::Mistakes;
use bailiwick::document::Difference;
use bailiwick::document::Document;
use bailiwick::document::Node;
use bailiwick::document::Report;
use bailiwick::document::Scenario;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    ExitCode::from(order(&words, &mut std::io::stdout().lock()))
}

/// Does what the words of a command line say, prints to `out`, and gives the exit code.
pub(crate) fn order(words: &[String], out: &mut dyn Write) -> u8 {
    let json = words.iter().any(|word| word == "--json");
    let mut words = words.iter().filter(|word| *word != "--json");
    let verb = words.next().map_or("", String::as_str);
    let paths: Vec<PathBuf> = words.map(PathBuf::from).collect();
    let print = |lines: &[Line]| {
        for line in lines {
            // Whoever reads no further has seen enough; the exit code still tells.
            let _ = writeln!(out, "{}", line.say(json));
        }
    };
    match verb {
        "run" if !paths.is_empty() => run(&paths, print),
        "load" if !paths.is_empty() => load(&paths, print),
        _ => {
            eprintln!("usage: scenario run|load [--json] PATH…");
            2
        }
    }
}

/// Runs every scenario: 0 if nothing failed, 1 if a step failed, 2 if a file could not be read as one.
fn run(paths: &[PathBuf], mut print: impl FnMut(&[Line])) -> u8 {
    let (mut scenarios, mut steps, mut failed, mut unreadable) = (0, 0, 0, false);
    for (file, played) in on_all_cores(&files(paths), play) {
        match played {
            Played::Not => {}
            Played::Unreadable(mistakes) => {
                unreadable = true;
                print(&wrong(&file.path, &mistakes));
            }
            Played::Ran(report) => {
                scenarios += 1;
                steps += report.steps;
                failed += report.differing.len();
                let differs = |difference| Line::Differs(file.path.clone(), difference);
                print(
                    &report
                        .differing
                        .into_iter()
                        .map(differs)
                        .collect::<Vec<_>>(),
                );
            }
        }
    }
    print(&[Line::Counts([scenarios, steps, failed])]);
    match (unreadable, failed) {
        (true, _) => 2,
        (false, 0) => 0,
        (false, _) => 1,
    }
}

/// Loads every document: 0 if all are well, 2 if one is not.
fn load(paths: &[PathBuf], mut print: impl FnMut(&[Line])) -> u8 {
    let mut code = 0;
    for (file, loaded) in on_all_cores(&files(paths), |file| check(&file.path)) {
        match loaded {
            Ok(()) => print(&[Line::Loads(file.path.clone())]),
            Err(mistakes) => {
                code = 2;
                print(&wrong(&file.path, &mistakes));
            }
        }
    }
    code
}

/// What became of a file that was to be run.
enum Played {
    /// It is a policy document that a folder holds beside its scenarios.
    Not,
    Unreadable(Mistakes),
    Ran(Report),
}

fn play(file: &File) -> Played {
    let scenario = read(&file.path).map_err(Mistakes::from).and_then(|node| {
        if file.in_folder && !Scenario::is_meant(&node) && Document::from_node(&node).is_ok() {
            return Ok(None);
        }
        Scenario::from_node(&node, |name| read_beside(&file.path, name)).map(Some)
    });
    match scenario {
        Ok(Some(scenario)) => Played::Ran(scenario.run()),
        Ok(None) => Played::Not,
        Err(mistakes) => Played::Unreadable(mistakes),
    }
}

fn check(path: &Path) -> Result<(), Mistakes> {
    let node = read(path)?;
    let policy = if Scenario::is_meant(&node) {
        Scenario::policy(&node, |name| read_beside(path, name))?
    } else {
        node
    };
    Document::from_node(&policy).map(drop)
}

/// A policy file stands by its path relative to the scenario.
fn read_beside(path: &Path, name: &str) -> Result<Node, Mistake> {
    read(&path.parent().unwrap_or(Path::new("")).join(name))
}

fn read(path: &Path) -> Result<Node, Mistake> {
    let text = fs::read_to_string(path).map_err(|error| Mistake {
        path: String::new(),
        fault: Fault::MalformedDocument {
            found: format!("{}: {error}", path.display()),
            line: 1,
            column: 1,
        },
    })?;
    if path
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        Node::from_json(&text)
    } else {
        Node::from_toml(&text)
    }
}

/// A file to read, and whether it was found in a folder rather than named itself.
struct File {
    path: PathBuf,
    in_folder: bool,
}

/// The files that paths stand for: themselves, or what their folders hold, sorted.
fn files(paths: &[PathBuf]) -> Vec<File> {
    let mut files = Vec::new();
    for path in paths {
        let mut found = BTreeSet::new();
        let in_folder = path.is_dir();
        if in_folder {
            walk(path, &mut found);
        } else {
            found.insert(path.clone());
        }
        files.extend(found.into_iter().map(|path| File { path, in_folder }));
    }
    files
}

fn walk(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml" || extension == "json")
        {
            found.insert(path);
        }
    }
}

/// Does the same with every file, on all cores, and keeps their order.
fn on_all_cores<T: Send>(files: &[File], work: impl Fn(&File) -> T + Sync) -> Vec<(&File, T)> {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(n) else {
                return done;
            };
            done.push((n, file, work(file)));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(some)).collect();
        let joined = threads.into_iter().map(thread::ScopedJoinHandle::join);
        joined
            .flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|(n, ..)| *n);
    done.into_iter()
        .map(|(_, file, result)| (file, result))
        .collect()
}

/// One line of what is printed.
enum Line {
    Loads(PathBuf),
    Wrong(PathBuf, Mistake),
    Differs(PathBuf, Difference),
    Counts([usize; 3]),
}

fn wrong(path: &Path, mistakes: &[Mistake]) -> Vec<Line> {
    let line = |mistake: &Mistake| Line::Wrong(path.to_path_buf(), mistake.clone());
    mistakes.iter().map(line).collect()
}

impl Line {
    fn say(&self, json: bool) -> String {
        if json {
            self.as_node().to_json()
        } else {
            self.as_text()
        }
    }

    fn as_text(&self) -> String {
        match self {
            Self::Loads(path) => format!("{}: ok", path.display()),
            Self::Wrong(path, mistake) => format!("{}: {mistake}", path.display()),
            Self::Differs(path, difference) => format!("{}: {difference}", path.display()),
            Self::Counts([scenarios, steps, failed]) => {
                format!("{scenarios} scenarios, {steps} steps, {failed} failed")
            }
        }
    }

    fn as_node(&self) -> Node {
        let path = |path: &Path| Node::text(path.display());
        match self {
            Self::Loads(file) => Node::table([("path", path(file)), ("ok", Node::Bool(true))]),
            Self::Wrong(file, mistake) => Node::table([
                ("path", path(file)),
                ("code", Node::text(mistake.code())),
                ("at", Node::text(mistake.place())),
                ("message", Node::text(&mistake.fault)),
            ]),
            Self::Differs(file, difference) => Node::table([
                ("path", path(file)),
                ("step", Node::count(difference.step)),
                ("expected", difference.expected.clone()),
                ("got", difference.got.clone()),
                ("explanation", Node::text(&difference.explanation)),
            ]),
            Self::Counts([scenarios, steps, failed]) => Node::table([
                ("scenarios", Node::count(*scenarios)),
                ("steps", Node::count(*steps)),
                ("failed", Node::count(*failed)),
            ]),
        }
    }
}
