//! Handles: found once, asked with often, and never with another tenant.

use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::policy;

fn town(name: &str, users: usize) -> Tenant {
    let mut policy = Policy::new(Name::new(name).unwrap());
    let key = "finance.funds.certify".parse().unwrap();
    policy.duties.push(policy::Duty::new(key));
    for n in 0..users {
        policy
            .users
            .push(policy::User::new(format!("user-{n}").parse().unwrap()));
    }
    policy
        .scopes
        .push(policy::Node::new("bridge".parse().unwrap()));
    policy
        .teams
        .push(policy::Node::new("north".parse().unwrap()));
    Tenant::found(&policy).unwrap()
}

fn noon() -> Timestamp {
    "2026-01-05T12:00:00Z".parse().unwrap()
}

#[test]
fn a_handle_of_another_tenant_is_an_error_and_never_an_answer() {
    let (here, there) = (town("here", 3), town("there", 3));
    let (user, duty) = (
        here.user("user-1").unwrap(),
        here.duty("finance.funds.certify").unwrap(),
    );
    let (scope, team) = (here.scope("bridge").unwrap(), here.team("north").unwrap());
    let none = Resource::default();
    assert!(here.as_of(noon()).check(user, duty, &none).is_ok());
    let asked = there.as_of(noon());
    let own = there.user("user-1").unwrap();
    let code = |answer: Result<_, bailiwick::QuestionError>| {
        answer.map(|_: bailiwick::Decision| ()).unwrap_err().code()
    };
    assert_eq!(code(asked.check(user, duty, &none)), "unknown-user");
    assert_eq!(code(asked.check(own, duty, &none)), "unknown-duty");
    let scoped = Resource {
        scope: Some(scope.into()),
        ..none
    };
    assert_eq!(
        code(asked.check(own, "finance.funds.certify", &scoped)),
        "unknown-scope"
    );
    let teamed = Resource {
        team: Some(team.into()),
        ..none
    };
    assert_eq!(
        code(asked.check(own, "finance.funds.certify", &teamed)),
        "unknown-team"
    );
    let foreign = asked.check(user, duty, &none).unwrap_err();
    assert_eq!(
        [Language::English, Language::Spanish].map(|language| foreign.localized(language)),
        [
            "unknown user: a handle of another tenant",
            "no existe el usuario: es de otra entidad",
        ]
    );
}

/// What a question gives out can be asked with again.
#[test]
fn keys_that_were_given_out_are_taken() {
    let tenant = town("here", 3);
    let snapshot = tenant.snapshot(noon(), &bailiwick::SnapshotOptions::default());
    let asked = tenant.as_of(noon());
    let duty: bailiwick::DutyKey = "finance.funds.certify".parse().unwrap();
    let (bridge, north): (bailiwick::Key, bailiwick::Key) =
        ("bridge".parse().unwrap(), "north".parse().unwrap());
    let record = Resource {
        scope: Some((&bridge).into()),
        team: Some((&north).into()),
        ..Resource::default()
    };
    for user in asked.users() {
        let decided = asked.check(user, &duty, &record).unwrap();
        assert_eq!(decided.to_string(), "deny: outside-team");
        assert_eq!(
            snapshot.as_of(noon()).check(user, &duty, &record),
            Ok(decided)
        );
    }
}

/// Tenants that nobody named are all called the same: they are told apart by what they were founded with.
#[test]
fn handles_of_two_tenants_of_one_name_are_told_apart_by_what_these_were_founded_with() {
    let found = |users: &str, scopes: &str, teams: &str, action: &str| {
        Tenant::from_toml(&format!(
            "duty = [{{ key = 'a.b.{action}' }}]\nuser = [{users}]\nscope = [{scopes}]\nteam = [{teams}]"
        ))
        .unwrap()
    };
    let (eve, boss) = ("{ key = 'eve' }", "{ key = 'boss' }");
    let one = found(eve, "", "", "c");
    let user = one.user("eve").unwrap();
    for (other, duty) in [
        (found(boss, "", "", "c"), "a.b.c"),
        (found(eve, "{ key = 'north' }", "", "c"), "a.b.c"),
        (found(eve, "", "{ key = 'north' }", "c"), "a.b.c"),
        (found(eve, "", "", "d"), "a.b.d"),
    ] {
        let asked = other.as_of(noon());
        let answer = asked.check(user, duty, &Resource::default());
        assert_eq!(answer.unwrap_err().code(), "unknown-user");
    }
    // A copy that was stored and read back is the same tenant still, whatever has come since.
    let stored = serde_json::to_string(&one).unwrap();
    let again: Tenant = serde_json::from_str(&stored).unwrap();
    assert_eq!(again.user("eve").unwrap(), user);
}

#[test]
fn a_handle_holds_for_the_life_of_its_tenant() {
    let tenant = town("here", 3);
    let user = tenant.user("user-2").unwrap();
    let mut later = tenant.clone();
    let add = bailiwick::Command::AddUser(policy::User::new("zoe".parse().unwrap()));
    later
        .execute(
            &bailiwick::Stamp::new(noon(), bailiwick::Actor::System),
            &add,
        )
        .unwrap();
    assert_eq!(later.user("user-2").unwrap(), user);
    // A user who came later is unknown to the state before.
    let zoe = later.user("zoe").unwrap();
    let before = tenant
        .as_of(noon())
        .check(zoe, "finance.funds.certify", &Resource::default());
    assert_eq!(before.unwrap_err().code(), "unknown-user");
}

#[test]
fn a_handle_answers_as_its_key_does_and_what_came_later_is_unknown_before() {
    let tenant = town("here", 3);
    let mut later = tenant.clone();
    let node = |key: &str| policy::Node::new(key.parse().unwrap());
    let duty = policy::Duty::new("finance.funds.count".parse().unwrap());
    for command in [
        bailiwick::Command::AddScope(node("works")),
        bailiwick::Command::AddTeam(node("south")),
        bailiwick::Command::AddDuty(duty),
    ] {
        let stamp = bailiwick::Stamp::new(noon(), bailiwick::Actor::System);
        later.execute(&stamp, &command).unwrap();
    }
    for (scope, team, duty, is_new) in [
        ("bridge", "north", "finance.funds.certify", false),
        ("works", "south", "finance.funds.count", true),
    ] {
        let handles = (
            later.scope(scope).unwrap(),
            later.team(team).unwrap(),
            later.duty(duty).unwrap(),
        );
        let scoped = Resource {
            scope: Some(handles.0.into()),
            ..Resource::default()
        };
        let teamed = Resource {
            team: Some(handles.1.into()),
            ..Resource::default()
        };
        let plain = Resource::default();
        let known = "finance.funds.certify";
        let asks = |tenant: &Tenant| {
            let tenant = tenant.as_of(noon());
            [
                tenant.check("user-1", known, &scoped),
                tenant.check("user-1", known, &teamed),
                tenant.check("user-1", handles.2, &plain),
            ]
            .map(|answer| answer.map_err(|error| error.code()))
        };
        let denied = |denial| Ok(bailiwick::Decision::Deny(denial));
        let answers = [
            denied(bailiwick::Denial::NotGranted),
            denied(bailiwick::Denial::OutsideTeam),
            denied(bailiwick::Denial::NotGranted),
        ];
        assert_eq!(asks(&later), answers);
        let before = if is_new {
            [
                Err("unknown-scope"),
                Err("unknown-team"),
                Err("unknown-duty"),
            ]
        } else {
            answers
        };
        assert_eq!(asks(&tenant), before);
    }
}

#[test]
fn values_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Tenant>();
    crosses::<bailiwick::AsOf<'_>>();
    crosses::<bailiwick::History>();
    crosses::<bailiwick::Event>();
    crosses::<bailiwick::Filter>();
    crosses::<bailiwick::Refusal>();
}
