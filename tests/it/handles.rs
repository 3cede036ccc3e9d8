//! Handles: found once, asked with often, and never with another tenant.

use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::policy;

fn town(name: &str, users: usize) -> Tenant {
    let mut policy = Policy::new(Name::new(name).unwrap());
    let key = "finance.funds.certify".parse().unwrap();
    policy.duties.push(policy::Duty {
        key,
        label: None,
        sensitivity: None,
        seat: None,
    });
    for n in 0..users {
        policy
            .users
            .push(policy::User::new(format!("user-{n}").parse().unwrap()));
    }
    policy.scopes.push(policy::Node {
        key: "bridge".parse().unwrap(),
        label: None,
        parent: None,
    });
    policy.teams.push(policy::Node {
        key: "north".parse().unwrap(),
        label: None,
        parent: None,
    });
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
fn values_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Tenant>();
    crosses::<bailiwick::AsOf<'_>>();
    crosses::<bailiwick::History>();
    crosses::<bailiwick::Event>();
    crosses::<bailiwick::Filter>();
    crosses::<bailiwick::Refusal>();
}
