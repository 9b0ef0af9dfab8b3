//! The view policy and its SQL twin agree for every role.

use platform::authz::Actor;
use testkit::both_engines;

use super::waiting;
use crate::intake::model::any;
use crate::intake::store;
use crate::migrations::migrations;
use crate::party::model::{AUTHORITY_ROLES, SUPPLIER_ROLES};
use crate::testing::TestApp;

both_engines!(migrations, /// SEC-25, OWN-3: the list shows what the policy lets each actor view.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let party = app.party(platform::authz::Side::Authority, "Department of Crossings").await;
    waiting(&app, "robin@elsewhere.example", "A laptop is gone").await;
    let mut actors: Vec<Actor> =
        AUTHORITY_ROLES.iter().chain(&SUPPLIER_ROLES).map(|role| app.acting(role, party).actor).chain([Actor::Operator, Actor::Anonymous]).collect();
    actors.push(Actor::Link { id: party, scope: "incident_report", on: party });
    let mut seen = 0;
    for actor in actors {
        let cx = platform::Cx::new(&app.core, actor.clone()).unwrap();
        let may = app.core.authz.check(&actor, "mail.view", &any()).is_ok();
        let listed = store::list(&cx, (None, None), None, 10).await.unwrap().len();
        assert_eq!(listed == 1, may, "{actor:?}");
        seen += listed;
    }
    assert_eq!(seen, 4, "security, contract manager, internal audit, the operator");
});
