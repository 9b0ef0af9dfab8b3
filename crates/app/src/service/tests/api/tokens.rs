//! Tokens: made on a page, shown once, kept digested, narrowed by scopes, ended with what they act for. OWN-3.

use axum::http::StatusCode;
use platform::authz::Side;
use platform::clock::{DAY, MINUTE};
use platform::identity::token;
use sea_orm::EntityTrait as _;
use serde_json::json;
use testkit::both_engines;

use super::program::{Program, fresh};
use crate::account::act::{self as accounts, Asking};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::testing::{PASSWORD, TestApp};

both_engines!(migrations, /// OWN-3: a token is made on its page, shown there once, works until it is revoked there, and its use is listed.
async fn a_token_is_made_used_and_revoked(db) {
    let app = TestApp::new(db);
    let party = app.party(Side::Authority, "Port Authority").await;
    let login = app.account("contract_manager", party).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser, &login.email).await;
    let page = browser.get("/account/tokens/new").await;
    let wrong = browser.submit(&page, "/account/tokens/new", &[("name", ""), ("days", "30")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = browser.get("/account/tokens/new").await;
    let fields = [("name", "Night report"), ("days", "30"), ("scopes", "registers:read")];
    let made = browser.submit_only(&form, "/account/tokens/new", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let secret = made.select("[data-token]").remove(0);
    assert!(secret.starts_with("vouchsafe_"), "{secret}");
    // The same form again makes no second one, and shows nothing.
    let again = browser.submit_only(&form, "/account/tokens/new", &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(!again.body.contains(&secret));
    let rows = token::Entity::find().all(app.core.db.reader()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].token, platform::random::digest(secret.as_bytes()), "only the digest is kept");
    let list = browser.get("/account/tokens").await;
    assert!(list.text().contains("Not used yet") && !list.body.contains(&secret));

    let mut program = Program { token: secret.clone(), ..Program::nobody(&app) };
    let me = program.get("/api/v1/account").await.is(200);
    assert_eq!(me.json["role"], "contract_manager");
    assert_eq!(me.json["scopes"], json!(["registers:read"]));
    program.get("/api/v1/parties").await.is(200);
    assert!(!browser.get("/account/tokens").await.text().contains("Not used yet"));

    let list = browser.get("/account/tokens").await;
    let at = list.actions().into_iter().find(|a| a.ends_with("/end")).unwrap();
    browser.submit(&list, &at, &[]).await;
    program.get("/api/v1/account").await.is(401);
    let told: Vec<String> = platform::book::timeline(&app.operator(), "account", &login.account.to_string(), 50).await.unwrap()
        .into_iter().map(|line| line.action).collect();
    assert!(told.contains(&"account.make_token".to_owned()) && told.contains(&"account.end_token".to_owned()), "{told:?}");
});

both_engines!(migrations, /// OWN-3: a token that is wrong, over, or whose role or account ended, is no token.
async fn tokens_end_with_what_they_act_for(db) {
    let app = TestApp::new(db);
    let party = app.party(Side::Authority, "Port Authority").await;
    let (boss, one, two, three) = (app.account("administrator", party).await, app.account("owner", party).await,
        app.account("owner", party).await, app.account("owner", party).await);
    let mut programs = Vec::new();
    for login in [&one, &two, &three] {
        let cx = fresh(&app, login.account).await;
        programs.push(Program::of(&app, &cx).await);
    }
    for program in &mut programs {
        program.get("/api/v1/account").await.is(200);
    }
    let keeper = fresh(&app, boss.account).await;
    let row = platform::identity::membership::Entity::find().all(app.core.db.reader()).await.unwrap().into_iter().find(|m| m.account == one.account).unwrap();
    accounts::end_membership(&keeper, one.account, row.id, row.version).await.unwrap();
    let version = platform::identity::account::Entity::find_by_id(two.account).one(app.core.db.reader()).await.unwrap().unwrap().version;
    accounts::close(&keeper, two.account, version).await.unwrap();
    programs[0].get("/api/v1/account").await.is(401);
    programs[1].get("/api/v1/account").await.is(401);
    programs[2].get("/api/v1/account").await.is(200);
    let rows = token::Entity::find().all(app.core.db.reader()).await.unwrap();
    assert!(rows.iter().all(|t| t.ended_at.is_some() == (t.account != three.account)), "{rows:?}");
    app.advance(31 * DAY);
    programs[2].get("/api/v1/account").await.is(401);
    let mut stranger = Program { token: "vouchsafe_guessed".to_owned(), ..Program::nobody(&app) };
    let reply = stranger.get("/api/v1/account").await.is(401);
    assert_eq!(reply.header("www-authenticate"), "Bearer");
    Program::nobody(&app).get("/api/v1/account").await.is(401);
});

both_engines!(migrations, /// OWN-3: a scope narrows what a role may do and never widens it; a token makes no page, a session no answer to a program.
async fn scopes_narrow_and_never_widen(db) {
    let world = World::new(db).await;
    let app = &world.app;
    let manager = world.official("contract_manager").await;
    let mut reader = Program::scoped(app, &manager.cx, &["registers:read"]).await;
    reader.get("/api/v1/contracts").await.is(200);
    let reply = reader.post("/api/v1/parties", json!({ "name": "Halyard Two" })).await.is(403);
    assert_eq!(reply.json["code"], "scope");
    assert!(reply.header("www-authenticate").contains("registers:write"));
    reader.get("/api/v1/proposals").await.is(403);
    reader.get("/api/v1/obligations").await.is(403);
    reader.get("/api/v1/accounts").await.is(403);
    let mut writer = Program::scoped(app, &manager.cx, &["registers:write"]).await;
    writer.get("/api/v1/contracts").await.is(200);
    writer.post("/api/v1/parties", json!({ "name": "Halyard Two" })).await.is(201);
    // All scopes make no administrator of an assessor, and nobody of a stranger.
    let mut assessor = Program::of(app, &world.official("assessor").await.cx).await;
    let reply = assessor.post("/api/v1/parties", json!({ "name": "Halyard Three" })).await.is(403);
    assert_eq!(reply.json["code"], "refused");
    assessor.get("/api/v1/accounts").await.is(403);
    // A session's cookie opens no API, a token no page.
    let mut browser = manager.browser(&world);
    assert_eq!(browser.get("/api/v1/account").await.status, StatusCode::UNAUTHORIZED);
    let request = axum::http::Request::get("/contracts").header("authorization", format!("Bearer {}", writer.token));
    let page = app.browser().send(request.body(axum::body::Body::empty()).unwrap(), "/contracts").await;
    assert!(page.location().starts_with("/sign-in"), "{}", page.status);
});

both_engines!(migrations, /// OWN-3: an account that may only read, reads by its token and nothing else.
async fn who_only_reads_only_reads(db) {
    let app = TestApp::new(db);
    let party = app.party(Side::Authority, "Port Authority").await;
    let login = app.invited(&accounts::Invite { party, role: "administrator".to_owned(), read_only: true, ..accounts::Invite::default() }).await;
    let mut program = Program::of(&app, &fresh(&app, login.account).await).await;
    program.get("/api/v1/accounts").await.is(200);
    program.post("/api/v1/parties", json!({ "name": "Halyard" })).await.is(403);
});

both_engines!(migrations, /// OWN-3: there is a limit on how many tokens an account has and how long one works; making one asks for a recent sign-in.
async fn tokens_are_limited(db) {
    let app = TestApp::with(db, |settings| { settings.api.tokens = 2; settings.api.longest_days = 90; });
    let party = app.party(Side::Authority, "Port Authority").await;
    let login = app.account("owner", party).await;
    let cx = fresh(&app, login.account).await;
    let asking = |days| Asking { name: "P".to_owned(), scopes: ["cases:read"].into_iter().collect(), days };
    assert!(matches!(accounts::make_token(&cx, &asking(91)).await, Err(platform::Error::Invalid(_))));
    let (first, _) = accounts::make_token(&cx, &asking(90)).await.unwrap();
    accounts::make_token(&cx, &asking(1)).await.unwrap();
    assert!(matches!(accounts::make_token(&cx, &asking(1)).await, Err(platform::Error::Conflict(_))));
    accounts::end_token(&cx, first).await.unwrap();
    accounts::make_token(&cx, &asking(1)).await.unwrap();
    let mut tired = cx.clone();
    if let platform::authz::Actor::Account(a) = &mut tired.actor {
        a.fresh = false;
    }
    assert!(matches!(accounts::make_token(&tired, &asking(1)).await, Err(platform::Error::SignInAgain)));
});

both_engines!(migrations, /// OWN-3: a token confirms with password for the same few minutes as a page, and guessing is throttled as there.
async fn a_token_is_confirmed_for_some_minutes(db) {
    let app = TestApp::new(db);
    let party = app.party(Side::Authority, "Port Authority").await;
    let login = app.account("management", party).await;
    let mut program = Program::of(&app, &fresh(&app, login.account).await).await;
    assert_eq!(program.get("/api/v1/account").await.is(200).json["confirmed"], false);
    let wrong = program.post("/api/v1/account/confirm", json!({ "password": "not it" })).await.is(422);
    assert_eq!(wrong.json["errors"][0]["path"], "password");
    let right = program.post("/api/v1/account/confirm", json!({ "password": PASSWORD })).await.is(200);
    assert_eq!(right.json["confirmed"], true);
    app.advance(11 * MINUTE);
    assert_eq!(program.get("/api/v1/account").await.is(200).json["confirmed"], false);
    let mut last = 0;
    for _ in 0..8 {
        last = program.post("/api/v1/account/confirm", json!({ "password": "not it" })).await.status.as_u16();
    }
    assert_eq!(last, 429);
    let reply = program.post("/api/v1/account/confirm", json!({ "password": PASSWORD })).await.is(429);
    assert!(reply.header("retry-after").parse::<u64>().unwrap() > 0);
});
