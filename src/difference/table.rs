//! A difference as a table of text, for people.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::difference::Access;
use crate::difference::Difference;
use crate::difference::DifferenceRow;
use crate::difference::Side;
use crate::difference::TeamRow;
use crate::difference::Turn;
use crate::policy::Amount;
use crate::policy::Reach;
use crate::speech;
use crate::text::Language;
use crate::text::Localized;

type Cells = [String; 7];

impl Difference {
    /// What is gained, lost or changed, teams included, as a table of text: a line each, under a line of headings.
    #[must_use]
    pub fn table(&self, language: Language) -> String {
        let rows = self.rows.iter().map(|row| row.cells(language));
        let teams = self.teams.iter().map(|row| row.cells(language));
        layout(language, rows.chain(teams))
    }

    /// What is denied on both sides, for another reason, as such a table.
    #[must_use]
    pub fn reasons_table(&self, language: Language) -> String {
        layout(language, self.reasons.iter().map(|row| row.cells(language)))
    }
}

fn layout(language: Language, rows: impl Iterator<Item = Cells>) -> String {
    let headings = language.choose(
        ["who", "what", "where", "turn", "before", "after", "because"],
        [
            "quién", "qué", "dónde", "cambio", "antes", "después", "porque",
        ],
    );
    let mut lines = Vec::from([headings.map(String::from)]);
    lines.extend(rows);
    let mut widths = [0_usize; 7];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn everywhere(language: Language) -> String {
    language.choose("everywhere", "en todas partes").into()
}

impl Turn {
    fn say(self, language: Language) -> &'static str {
        match self {
            Self::Gained => language.choose("gained", "gana"),
            Self::Lost => language.choose("lost", "pierde"),
            Self::Changed => language.choose("changed", "cambia"),
            Self::Reason => language.choose("reason", "motivo"),
        }
    }
}

impl DifferenceRow {
    fn cells(&self, language: Language) -> Cells {
        let scope = self.scope.as_ref().map(|scope| scope.plain(language));
        let place = match (scope, &self.item) {
            (Some(scope), Some(item)) => format!("`{item}`, {scope}"),
            (None, Some(item)) => format!("`{item}`"),
            (Some(scope), None) => scope.into(),
            (None, None) => everywhere(language),
        };
        let because = |side: &Side| side.because.join(", ");
        let (before, after) = (because(&self.before), because(&self.after));
        let because = if before == after {
            after
        } else {
            let nothing = || String::from("–");
            let or = |text: String| if text.is_empty() { nothing() } else { text };
            format!("{} → {}", or(before), or(after))
        };
        [
            self.user.plain(language).into(),
            self.duty.key.clone(),
            place,
            self.turn.say(language).into(),
            self.before.say(language),
            self.after.say(language),
            because,
        ]
    }
}

impl TeamRow {
    fn cells(&self, language: Language) -> Cells {
        let team = self.team.say(language);
        let sides = match self.turn {
            Turn::Lost => language.choose(["seen", "not seen"], ["se ve", "no se ve"]),
            _ => language.choose(["not seen", "seen"], ["no se ve", "se ve"]),
        };
        let [before, after] = sides.map(String::from);
        [
            self.user.plain(language).into(),
            language.choose(format!("team {team}"), format!("equipo {team}")),
            everywhere(language),
            self.turn.say(language).into(),
            before,
            after,
            String::new(),
        ]
    }
}

impl Side {
    fn say(&self, language: Language) -> String {
        match (&self.access, self.denial) {
            (Some(access), _) => access.say(language),
            (None, Some(denial)) => format!("no ({})", denial.localized(language)),
            (None, None) => language.choose("unknown", "desconocido").into(),
        }
    }
}

impl Access {
    fn say(&self, language: Language) -> String {
        let mut text: String = match self.reach {
            Reach::All => language.choose("all", "todos"),
            Reach::Associated => language.choose("associated", "asociados"),
        }
        .into();
        for word in &self.requires {
            text.push_str(&language.choose(format!(", if {word}"), format!(", si {word}")));
        }
        let say = |most: Option<Amount>| match most {
            None => String::from(language.choose("without a ceiling", "sin tope")),
            Some(most) => {
                let most = speech::amount(most.get(), language);
                language.choose(format!("up to {most}"), format!("hasta {most}"))
            }
        };
        if self.ceiling.is_some() {
            text = format!("{text}, {}", say(self.ceiling));
        }
        if self.ceiling != self.ceiling_if_associated {
            let associated = language.choose("associated", "asociados");
            let most = say(self.ceiling_if_associated);
            text = format!("{text} ({associated}: {most})");
        }
        text
    }
}
