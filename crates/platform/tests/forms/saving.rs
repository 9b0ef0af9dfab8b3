//! Drafts: what is kept, by whom, over what.

use axum::http::{Request, StatusCode, header};
use platform::Error;
use platform::authz::Resource;
use platform::forms::drafts::{self, Outcome, Posting, Saved};
use platform::migrations::platform as migrations;
use platform::web::Fields;
use serde_json::{Value, json};
use testkit::{Browser, both_engines};

use crate::app::{App, CASE, choices, every, sheet};

async fn save(app: &App, section: &str, pairs: &[(&str, &str)]) -> Outcome {
    try_save(app, section, pairs).await.unwrap()
}

async fn try_save(app: &App, section: &str, pairs: &[(&str, &str)]) -> platform::Result<Outcome> {
    let (cx, form, choices) = (app.cx(), every(), choices());
    let fields = Fields::new(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
    let permit = cx.permit("sheet.draft", &sheet())?;
    drafts::save(&cx, &permit, CASE, 1, &Posting { form: &form, section, fields: &fields, choices: &choices }).await
}

fn saved(outcome: Outcome) -> Saved {
    match outcome {
        Outcome::Saved(saved) => *saved,
        Outcome::Clash(clash) => panic!("a clash: {clash:?}"),
    }
}

async fn kept(app: &App) -> Value {
    drafts::load(&app.cx(), CASE, 1).await.unwrap().answers.to_json()
}

both_engines!(migrations, async fn what_is_wrong_is_kept_as_it_was_typed(db) {
    let app = App::new(db);
    let mut browser = Browser::new(app.router.clone());
    let page = browser.get("/every/plain").await;
    let answer = browser
        .submit(&page, "/every/plain", &[
            ("q.p_text", "fine"), ("q.p_number", "twelve"), ("q.p_date.day", "31"), ("q.p_date.month", "2"), ("q.p_date.year", "2027"),
            ("q.p_money.amount", "lots"), ("q.p_money.currency", "GBP"),
            ("q.p_moment.date.day", "31"), ("q.p_moment.date.month", "2"), ("q.p_moment.date.year", "2027"), ("q.p_moment.time", "25:00"),
        ])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let links: Vec<_> = answer.links().into_iter().filter(|link| link.starts_with("#q-")).collect();
    assert_eq!(links, ["#q-p_number", "#q-p_money-amount", "#q-p_date", "#q-p_moment-date", "#q-p_moment-time"]);
    let (_, fields) = answer.fill("/every/plain", &[]);
    let stands = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap();
    assert_eq!((stands("q.p_number"), stands("q.p_date.day"), stands("q.p_money.amount")), ("twelve".into(), "31".into(), "lots".into()));
    assert_eq!((stands("q.p_moment.date.day"), stands("q.p_moment.time")), ("31".into(), "25:00".into()));
    assert_eq!(stands("version"), "1");
    // Put right on the same page.
    let next = browser
        .submit(&answer, "/every/plain", &[
            ("q.p_number", "12"), ("q.p_date.day", "28"), ("q.p_money.amount", "1,250.50"),
            ("q.p_moment.date.day", "28"), ("q.p_moment.time", "9:05 pm"),
        ])
        .await;
    assert_eq!(next.path, "/every");
    let (money, moment) = (json!({"amount": 125_050, "currency": "GBP"}), json!({"date": "2027-02-28", "time": "21:05"}));
    let expected = json!({"p_text": "fine", "p_number": 12, "p_date": "2027-02-28", "p_money": money, "p_moment": moment});
    assert_eq!(kept(&app).await, expected);
});

both_engines!(migrations, async fn an_enormous_answer_loses_nothing_elsewhere(db) {
    let app = App::new(db);
    let enormous = "x".repeat(1_000_000);
    let one = saved(save(&app, "plain", &[("version", "0"), ("q.p_text", "short"), ("q.p_long", &enormous)]).await);
    let says: Vec<_> = one.errors.iter().map(|(name, text)| (name.to_owned(), text.say())).collect();
    assert_eq!(says.len(), 1);
    assert_eq!(says[0].0, "q.p_long");
    assert!(says[0].1.contains("500 characters") && says[0].1.len() < 200, "{}", says[0].1);
    assert!(!one.whole);
    assert_eq!(one.answers.get("p_long").unwrap().as_str().unwrap().len(), 1_000_000, "the page shows all that was typed");
    assert_eq!(one.json().status(), StatusCode::UNPROCESSABLE_ENTITY);
    let kept = kept(&app).await;
    assert_eq!(kept["p_text"], "short");
    assert_eq!(kept["p_long"].as_str().unwrap().len(), 1000, "a start is kept, still too long to pass");
});

both_engines!(migrations, async fn a_name_that_the_section_lacks_is_refused_and_the_rest_kept(db) {
    let app = App::new(db);
    let one = saved(save(&app, "plain", &[("version", "0"), ("q.p_text", "mine"), ("q.l_country", "India"), ("q.p_role", "admin")]).await);
    let names: Vec<_> = one.errors.iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names, ["q.l_country", "q.p_role"]);
    assert!(!one.whole);
    assert_eq!(kept(&app).await, json!({"p_text": "mine"}));
    assert!(matches!(try_save(&app, "nowhere", &[("version", "0")]).await, Err(Error::NotFound)));
    assert!(matches!(try_save(&app, "plain", &[("q.p_text", "x")]).await, Err(Error::BadRequest(_))));
});

both_engines!(migrations, async fn a_permit_for_another_case_saves_nothing(db) {
    let app = App::new(db);
    let (cx, form, choices) = (app.cx(), every(), choices());
    let fields = Fields::new(vec![("version".into(), "0".into()), ("q.p_text".into(), "x".into())]);
    let permit = cx.permit("sheet.draft", &Resource::new("sheet", uuid::Uuid::from_u128(8))).unwrap();
    let posting = Posting { form: &form, section: "plain", fields: &fields, choices: &choices };
    assert!(matches!(drafts::save(&cx, &permit, CASE, 1, &posting).await, Err(Error::Internal(_))));
    assert_eq!(kept(&app).await, json!({}));
});

both_engines!(migrations, async fn a_stale_save_shows_both_and_keeps_what_is_chosen(db) {
    let app = App::new(db);
    let (mut ada, mut bo) = (Browser::new(app.router.clone()), Browser::new(app.router.clone()));
    let (hers, his) = (ada.get("/every/plain").await, bo.get("/every/plain").await);
    ada.submit(&hers, "/every/plain", &[("q.p_text", "hers"), ("q.p_system", "Claims")]).await;
    let clash = bo.submit(&his, "/every/plain", &[("q.p_text", "his"), ("q.p_long", "his own"), ("q.p_choices", "x")]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    let text = clash.text();
    for part in ["hers", "his", "his own", "Claims", "Not answered", "Left"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(kept(&app).await, json!({"p_text": "hers", "p_system": "Claims"}), "nothing is changed by a clash");
    let after = bo.submit(&clash, "/every/plain", &[("keep.p_system", "theirs"), ("keep.p_text", "mine")]).await;
    assert_eq!(after.path, "/every");
    assert_eq!(kept(&app).await, json!({"p_text": "his", "p_long": "his own", "p_choices": ["x"], "p_system": "Claims"}));
});

both_engines!(migrations, async fn the_same_save_twice_is_no_clash(db) {
    let app = App::new(db);
    let first = [("version", "0"), ("q.p_text", "one")];
    assert_eq!(saved(save(&app, "plain", &first).await).version, 1);
    assert_eq!(saved(save(&app, "plain", &first).await).version, 1, "sent again because the answer was lost");
    assert_eq!(saved(save(&app, "plain", &[("version", "1"), ("q.p_text", "two")]).await).version, 2);
    assert!(matches!(save(&app, "plain", &first).await, Outcome::Clash(_)));
});

both_engines!(migrations, async fn the_script_gets_json(db) {
    let app = App::new(db);
    let mut browser = Browser::new(app.router.clone());
    let page = browser.get("/every/plain").await;
    let (_, mut fields) = page.fill("/every/plain", &[("q.p_text", "by itself")]);
    fields.retain(|(name, _)| name != "once");
    let request = |fields: &[(String, String)]| {
        Request::post("/every/plain")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(serde_urlencoded::to_string(fields).unwrap()))
            .unwrap()
    };
    let answer = browser.send(request(&fields), "/every/plain").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((body["version"].clone(), body["saved_at"].clone()), (json!(1), json!("2026-03-02T09:00:00Z")));
    for (name, value) in &mut fields {
        if name == "q.p_text" {
            "behind".clone_into(value);
        }
    }
    let answer = browser.send(request(&fields), "/every/plain").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
});

both_engines!(migrations, async fn entries_are_added_and_removed_without_a_script(db) {
    let app = App::new(db);
    let mut browser = Browser::new(app.router.clone());
    let page = browser.get("/every/several").await;
    let two = browser.submit(&page, "/every/several", &[("q.s_rows.1.r_name", "first"), ("add", "s_rows")]).await;
    assert_eq!(two.path, "/every/several?entries=s_rows.2#q-s_rows-2");
    assert_eq!(two.select("[data-entries] > fieldset").len(), 2);
    let three = browser.submit(&two, "/every/several", &[("q.s_rows.2.r_name", "second"), ("add", "s_rows")]).await;
    let fields = [("q.s_rows.3.r_name", "third"), ("q.s_rows.3.r_country", "Côte d'Ivoire"), ("remove", "s_rows.2")];
    browser.submit(&three, "/every/several", &fields).await;
    assert_eq!(kept(&app).await["s_rows"], json!([{"r_name": "first"}, {"r_name": "third", "r_country": "CI"}]));
});

both_engines!(migrations, async fn two_people_save_two_sections_at_once(db) {
    let app = App::new(db);
    let (a, b) = ([("version", "0"), ("q.p_text", "left")], [("version", "0"), ("q.l_country", "India")]);
    let (one, two) = tokio::join!(save(&app, "plain", &a), save(&app, "places", &b));
    assert_eq!((saved(one).version, saved(two).version), (1, 1));
    assert_eq!(kept(&app).await, json!({"p_text": "left", "l_country": "IN"}));
    // The same section for the first time, both at once: one is kept, the other learns of it.
    let (a, b) = ([("version", "0"), ("q.s_note", "mine")], [("version", "0"), ("q.s_note", "yours")]);
    let (one, two) = tokio::join!(save(&app, "several", &a), save(&app, "several", &b));
    let clashes = [&one, &two].into_iter().filter(|outcome| matches!(outcome, Outcome::Clash(_))).count();
    assert_eq!(clashes, 1);
});

both_engines!(migrations, async fn answers_lie_sealed_and_a_round_begins_with_the_last(db) {
    use sea_orm::{ConnectionTrait as _, Statement};
    let app = App::new(db);
    saved(save(&app, "plain", &[("version", "0"), ("q.p_text", "secretword")]).await);
    let later = drafts::load(&app.cx(), CASE, 5).await.unwrap();
    assert_eq!(later.answers.to_json(), json!({"p_text": "secretword"}));
    assert_eq!((later.version("plain"), later.stamp("plain")), (1, None), "its own row comes with the first save, and the version counts on");
    let cx = app.cx();
    let row = cx
        .db()
        .query_one_raw(Statement::from_string(cx.db().get_database_backend(), "SELECT answers FROM case_draft"))
        .await
        .unwrap()
        .unwrap();
    let bytes: Vec<u8> = row.try_get("", "answers").unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("secretword"));
});
