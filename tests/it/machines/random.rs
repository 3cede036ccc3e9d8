//! The whole vocabulary at random: longer walks than can all be tried, under the same laws.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;
use proptest_state_machine::StateMachineTest;
use proptest_state_machine::prop_state_machine;

use crate::small_town::INSTANTS;
use crate::small_town::USERS;
use crate::small_town::Word;
use crate::small_town::vocabulary;
use crate::small_town::walk::Walk;

/// One step: a word by somebody, perhaps after a while.
#[derive(Clone, Debug)]
enum Step {
    Wait,
    Give { by: &'static str, word: Box<Word> },
}

/// What is known beforehand: which of the town's instants it is.
struct Time;

impl ReferenceStateMachine for Time {
    type State = usize;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<usize> {
        Just(0).boxed()
    }

    fn transitions(_: &usize) -> BoxedStrategy<Step> {
        let word = proptest::sample::select(vocabulary());
        let by = move |word: Word| {
            // Mostly those who may, and now and then anybody.
            let those = word
                .by
                .iter()
                .copied()
                .chain(["system"])
                .collect::<Vec<_>>();
            let anybody = USERS.to_vec();
            let by = prop_oneof![4 => proptest::sample::select(those), 1 => proptest::sample::select(anybody)];
            by.prop_map(move |by| Step::Give {
                by,
                word: Box::new(word.clone()),
            })
        };
        prop_oneof![1 => Just(Step::Wait), 30 => word.prop_flat_map(by)].boxed()
    }

    fn apply(now: usize, step: &Step) -> usize {
        now + usize::from(matches!(step, Step::Wait))
    }

    fn preconditions(now: &usize, step: &Step) -> bool {
        now + 1 < INSTANTS.len() || !matches!(step, Step::Wait)
    }
}

/// The town itself; its laws are looked at in every step.
struct Town;

impl StateMachineTest for Town {
    type SystemUnderTest = Walk;
    type Reference = Time;

    fn init_test(_: &usize) -> Walk {
        Walk::begin()
    }

    fn apply(mut walk: Walk, now: &usize, step: Step) -> Walk {
        match step {
            Step::Wait => assert!(walk.wait()),
            Step::Give { by, word } => {
                // Accepted or refused: either is looked at where it happens.
                let _ = walk.give(by, &word.command);
            }
        }
        assert_eq!(walk.now, *now);
        walk
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn long_walks_keep_the_laws(sequential 1..60 => Town);
}
