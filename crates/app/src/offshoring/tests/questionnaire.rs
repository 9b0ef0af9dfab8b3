//! The questionnaire as somebody without a script meets it: every prompt of the policy, when it is asked, answered section by section by
//! several people, checked and sent.

use axum::http::StatusCode;
use rules::form::{Answers, Form};
use rules::truth::Truth;
use serde_json::{Value, json};
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::world::{World, answers};
use crate::migrations::migrations;
use crate::offshoring::act;

/// The prompts of each row: the ids of the questions that put them, with words that they must hold.
const PROMPTS: [(&str, &[(&str, &str)]); 5] = [
    (
        "OFF-Q1",
        &[
            ("business_description", "business"),
            ("time_frame", "time frame"),
            ("has_releases", "releases"),
            ("releases", "releases"),
            ("staff_total", "how many people"),
            ("staff_roles", "roles"),
        ],
    ),
    (
        "OFF-Q2",
        &[
            ("information", "hosted, reached, built or run"),
            ("info_quantity", "How much or how many"),
            ("info_quantity_of", "number count"),
            ("assurance_status", "assurance"),
            ("info_handling", "handled"),
            ("info_viewing", "viewed"),
            ("info_protection", "protected"),
            ("info_storage", "stored"),
            ("info_storage_permanent", "for good"),
            ("info_storage_temporary", "for a time"),
            ("info_storage_transient", "in passing"),
            ("networks", "networks"),
            ("connectivity", "connect"),
            ("storage_diagram", "where data is stored"),
            ("transfer_diagram", "how data travels"),
            ("procedures_interact", "procedures"),
            ("systems_interact", "systems"),
        ],
    ),
    (
        "OFF-Q3",
        &[
            ("site_address", "Address"),
            ("site_home_workers", "work from home"),
            ("site_home_managed", "home working"),
            ("site_other_authority", "other work for the authority"),
            ("site_other_clients", "work for others"),
            ("site_other_assurance", "assurance"),
            ("site_clearance", "clearance"),
            ("site_employment_checks", "before people are employed"),
            ("site_checks_cover_all", "everyone at the site"),
        ],
    ),
    (
        "OFF-Q4",
        &[
            ("country_conditions", "weaken security"),
            ("country_enforcement", "hard to enforce"),
            ("country_misuse_law", "misuse"),
            ("country_encryption", "encryption"),
            ("country_confidentiality", "confidentiality statement"),
            ("country_personal", "stored or accessed"),
            ("country_protection", "protect that data as well as at home"),
        ],
    ),
    ("OFF-Q5", &[("governing_contact", "answers for this work"), ("contact_informed", "contact them directly")]),
];

fn form() -> Form {
    let packs = crate::pack::Packs::load(&platform::config::Settings::default().packs).unwrap();
    act::form_of(packs.newest("offshoring").unwrap()).unwrap().clone()
}

/// The section of a question.
fn section_of(form: &Form, id: &str) -> String {
    let has = |s: &&rules::form::Section| s.questions.iter().any(|q| q.id == id || q.questions.iter().any(|i| i.id == id));
    form.sections.iter().find(has).unwrap_or_else(|| panic!("no question {id}")).id.clone()
}

both_engines!(migrations, /// OFF-Q1, OFF-Q2, OFF-Q3, OFF-Q4, OFF-Q5: every prompt stands on its section's page, with boxes to answer it, for somebody without a script.
async fn off_q1_to_q5_every_prompt_is_asked(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = act::begin(&lead.cx, world.lead.1).await.unwrap();
    let (form, mut browser) = (form(), lead.browser(&world));
    for (row, prompts) in PROMPTS {
        for (question, words) in prompts {
            let section = section_of(&form, question);
            let page = browser.get(&format!("/proposals/{id}/answers/{section}")).await;
            assert_eq!(page.status, StatusCode::OK);
            let label = &form.question(question).unwrap().label;
            assert!(label.contains(words), "{row}: {question} asks “{label}”");
            let shown = page.select(&format!("[data-question={question}]"));
            assert!(shown.first().is_some_and(|text| text.contains(label.as_str())), "{row}: {question} is not on the page: {shown:?}");
            let boxes = format!("[data-question={question}] input, [data-question={question}] textarea, [data-question={question}] select");
            assert!(!page.select(&boxes).is_empty(), "{row}: {question} cannot be answered");
        }
    }
    // OFF-Q5: all seven parts of the contact.
    let page = browser.get(&format!("/proposals/{id}/answers/contact")).await;
    for part in ["role", "address", "name", "telephone", "responsibility", "email", "organisation"] {
        assert!(page.body.contains(&format!("name=\"q.governing_contact.{part}\"")), "{part}");
    }
});

/// The answers of the world with these said otherwise, by path: `sites.0.site_country`.
fn changed(changes: &[(&str, Value)]) -> Value {
    let mut all = answers(Uuid::nil());
    for (path, value) in changes {
        let pointer = format!("/{}", path.replace('.', "/"));
        match all.pointer_mut(&pointer) {
            Some(place) => *place = value.clone(),
            None => {
                let (above, name) = pointer.rsplit_once('/').unwrap();
                all.pointer_mut(above).unwrap()[name] = value.clone();
            }
        }
    }
    all
}

/// OFF-Q1, OFF-Q2, OFF-Q3, OFF-Q4: which prompts wait for which answers.
#[test]
fn off_q1_to_q4_conditions() {
    use Truth::{False, True};
    let form = form();
    // What it shows, what differs in the answers, the question, whether it is asked.
    type Row<'a> = (&'a str, &'a [(&'a str, Value)], &'a str, Truth);
    let table: &[Row] = &[
        ("OFF-Q1 lasting work needs no time frame", &[], "time_frame", False),
        ("OFF-Q1 development", &[("limited_work", json!(["development"]))], "time_frame", True),
        ("OFF-Q1 testing", &[("limited_work", json!(["lasting", "testing"]))], "time_frame", True),
        ("OFF-Q1 time-limited work", &[("limited_work", json!(["time_limited"]))], "has_releases", True),
        ("OFF-Q1 no releases", &[("limited_work", json!(["testing"])), ("has_releases", json!(false))], "releases", False),
        ("OFF-Q1 releases", &[("limited_work", json!(["testing"])), ("has_releases", json!(true))], "releases", True),
        ("OFF-Q2 nothing is stored", &[], "information.0.info_storage_permanent", False),
        ("OFF-Q2 for good", &[("information.0.info_storage", json!(["permanent"]))], "information.0.info_storage_permanent", True),
        ("OFF-Q2 apart", &[("information.0.info_storage", json!(["permanent"]))], "information.0.info_storage_transient", False),
        ("OFF-Q2 in passing", &[("information.0.info_storage", json!(["transient"]))], "information.0.info_storage_transient", True),
        ("OFF-Q2 assurance known", &[("information.0.assurance_status", json!("assured"))], "information.0.assurance_detail", True),
        ("OFF-Q3 nobody works from home", &[], "sites.0.site_home_managed", False),
        ("OFF-Q3 home working", &[("sites.0.site_home_working", json!(true))], "sites.0.site_home_managed", True),
        ("OFF-Q3 other work known", &[], "sites.0.site_other_assurance", False),
        ("OFF-Q3 other work not known", &[("sites.0.site_other_known", json!("not_known"))], "sites.0.site_other_assurance", True),
        ("OFF-Q3 not all checked", &[("sites.0.site_checks_cover_all", json!("unknown"))], "sites.0.site_checks_gaps", True),
        ("OFF-Q4 no personal data", &[], "countries.0.country_protection", False),
        ("OFF-Q4 stored", &[("countries.0.country_personal", json!(["stored"]))], "countries.0.country_protection", True),
        ("OFF-Q4 accessed only", &[("countries.0.country_personal", json!(["accessed"]))], "countries.0.country_protection", True),
        ("OFF-Q4 not known is no 'no'", &[("countries.0.country_personal", json!(["not_known"]))], "countries.0.country_protection", True),
        (
            "OFF-Q4 statements not known",
            &[("countries.0.country_confidentiality", json!("not_known"))],
            "countries.0.country_confidentiality_detail",
            True,
        ),
    ];
    for (row, changes, path, asked) in table {
        let seen = form.visible(&Answers::from_json(changed(changes)).unwrap());
        assert_eq!(seen.question(path), *asked, "{row}: {path}");
    }
}

/// What the check page says is missing or wrong, once the draft has these answers.
async fn lacking(world: &World, browser: &mut Browser, lead: &super::world::Person, changes: &[(&str, Value)]) -> Vec<String> {
    let mut all = changed(changes);
    all["work_party"] = world.lead.0.to_string().into();
    let id = world.draft(lead, world.lead.1, all).await;
    let page = browser.get(&format!("/proposals/{id}/check")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let errors = page.select(".govuk-error-summary li");
    assert_eq!(page.has_form("/submit"), errors.is_empty(), "what is lacking cannot be sent, and what is whole can");
    errors
}

both_engines!(migrations, /// OFF-Q1, OFF-Q2, OFF-Q3, OFF-Q4: a prompt whose condition holds must be answered before anything is sent.
async fn off_q1_to_q4_what_is_asked_must_be_answered(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut browser = lead.browser(&world);
    // What differs in the answers, what is then told to be missing.
    type Row<'a> = (&'a [(&'a str, Value)], &'a [&'a str]);
    let table: &[Row] = &[
        (&[], &[]),
        (&[("limited_work", json!(["testing"]))], &["time frame", "releases"]),
        (&[("information.0.info_storage", json!(["temporary"]))], &["stored for a time"]),
        (&[("sites.0.site_home_working", json!(true))], &["work from home", "manage home working"]),
        (&[("sites.0.site_other_known", json!("not_known"))], &["assurance takes the place"]),
        // Comparable protection, and what makes the transfer lawful, where personal data is merely viewed.
        (&[("countries.0.country_personal", json!(["accessed"]))], &["Whose personal data", "protect that data", "transfer lawful"]),
    ];
    for (changes, wanted) in table {
        let found = lacking(&world, &mut browser, &lead, changes).await;
        assert_eq!(found.len(), wanted.len(), "{changes:?}: {found:?}");
        for words in *wanted {
            assert!(found.iter().any(|e| e.contains(words)), "{words}: {found:?}");
        }
    }
});

/// Fills in a section's page as somebody would who has these answers, and saves it.
async fn fill(browser: &mut Browser, form: &Form, page: &Page, section: &str, given: &Answers) -> Page {
    let (path, fields) = filled(form, page, section, given);
    let answer = browser.post_raw(&path, &fields).await;
    if answer.status.is_redirection() { browser.get(&answer.location()).await } else { answer }
}

fn filled(form: &Form, page: &Page, section: &str, given: &Answers) -> (String, Vec<(String, String)>) {
    let mut typed = Vec::new();
    for question in &form.section(section).unwrap().questions {
        let Some(answer) = given.get(&question.id) else { continue };
        for (name, value) in question.fields(&format!("q.{}", question.id), answer) {
            // Pages count entries as people do.
            let name = name.replace(&format!("q.{}.0.", question.id), &format!("q.{}.1.", question.id));
            assert!(page.body.contains(&format!("name=\"{name}\"")), "{section} has no box {name}");
            typed.push((name, value));
        }
    }
    let typed: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    page.fill(&format!("/answers/{section}"), &typed)
}

both_engines!(migrations, /// OFF-8, OFF-Q1, OFF-Q2, OFF-Q3, OFF-Q4, OFF-Q5: two people answer side by side, section by section, without a script; a stale edit shows both versions; then the answers are checked and sent, and the reference comes at once.
async fn off_q1_to_q5_answered_by_two_people_and_sent(db) {
    let world = World::new(db).await;
    let (ash, bo) = (world.person("supplier_lead", world.lead.0).await, world.person("supplier_member", world.lead.0).await);
    let (mut hers, mut his) = (ash.browser(&world), bo.browser(&world));
    let (form, given) = (form(), Answers::from_json(answers(world.lead.0)).unwrap());
    let start = hers.get("/proposals/new").await;
    let list = hers.submit(&start, "/proposals/new", &[("place", &world.lead.1.to_string())]).await;
    let base = list.path.strip_suffix("/answers").unwrap().to_owned();
    // Side by side: both pages are open before either is saved, and both are kept.
    let (work, business) = (hers.get(&format!("{base}/answers/work")).await, his.get(&format!("{base}/answers/business")).await);
    let next = fill(&mut his, &form, &business, "business", &given).await;
    assert_eq!((next.status, next.path.as_str()), (StatusCode::OK, format!("{base}/answers/information").as_str()), "{}", next.text());
    let next = fill(&mut hers, &form, &work, "work", &given).await;
    assert!(next.path.starts_with(&format!("{base}/answers/")), "{}: {}", next.path, next.text());
    let list = his.get(&format!("{base}/answers")).await;
    assert!(list.text().contains("Night support for ferry bookings") && list.text().contains("2 of 8 sections are done"), "{}", list.text());
    for section in ["information", "connections", "sites", "countries", "contact"] {
        let page = his.get(&format!("{base}/answers/{section}")).await;
        let saved = fill(&mut his, &form, &page, section, &given).await;
        assert_eq!(saved.status, StatusCode::OK, "{section}: {}", saved.text());
    }
    // The same section at once: the later one is shown both versions and chooses.
    let (her_page, his_page) = (hers.get(&format!("{base}/answers/ending")).await, his.get(&format!("{base}/answers/ending")).await);
    hers.submit(&her_page, "/answers/ending", &[("q.exit_plan", "Within a week.")]).await;
    let clash = his.submit(&his_page, "/answers/ending", &[("q.exit_plan", "Within a month.")]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    for part in ["Within a week.", "Within a month.", "Pat supplier lead"] {
        assert!(clash.text().contains(part), "{part}: {}", clash.text());
    }
    let solved = his.submit(&clash, "/answers/ending", &[("keep.exit_plan", "theirs")]).await;
    assert_eq!(solved.status, StatusCode::OK, "{}", solved.text());
    // He may not send it; she checks, declares and sends.
    let check = his.get(&format!("{base}/check")).await;
    assert!(!check.has_form("/submit") && check.text().contains("Only a lead person"), "{}", check.text());
    let check = hers.get(&format!("{base}/check")).await;
    for part in ["Within a week.", "Pune office", "Timetables", "Ash Marlow", "1 June 2026"] {
        assert!(check.text().contains(part), "{part}: {}", check.text());
    }
    assert!(!check.text().contains("Within a month."));
    let bare = hers.submit(&check, "/submit", &[]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = hers.submit(&check, "/submit", &[("declaration", "yes")]).await;
    assert_eq!(sent.path, format!("{base}/sent"));
    assert_eq!(sent.select(".govuk-panel strong"), ["OFF-2026-000001"], "{}", sent.text());
    assert!(sent.text().contains("You will hear from us by"), "{}", sent.text());
    assert!(world.mail().await[&ash.email].iter().any(|s| s.starts_with("OFF-2026-000001")));
});

both_engines!(migrations, /// OFF-Q3: nobody's home address is taken, in whatever box it is typed; what was typed is kept for mending and cannot be sent.
async fn off_q3_home_addresses_are_refused(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let mut browser = lead.browser(&world);
    let at = format!("/proposals/{id}/answers/sites");
    let tries = [
        ("q.sites.1.site_is_home", "yes", "Do not give anyone’s home address"),
        ("q.sites.1.site_address.lines", "Employee home, 4 Station Road", "Enter a work address"),
        ("q.sites.1.site_home_managed", "Visits to the home of each adviser at 12 Hill Street", "Enter a work address"),
    ];
    for (name, value, says) in tries {
        let page = browser.get(&at).await;
        let home = ("q.sites.1.site_home_working", "yes");
        let refused = browser.submit(&page, "/answers/sites", &[(name, value), home, ("q.sites.1.site_home_workers", "2")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", refused.text());
        assert!(refused.text().contains(says), "{name}: {}", refused.text());
        let check = browser.get(&format!("/proposals/{id}/check")).await;
        assert!(!check.has_form("/submit"), "{name} could be sent");
        // Mended at once, on the page that was given back.
        let mended = [("q.sites.1.site_is_home", "no"), ("q.sites.1.site_address.lines", "4 Station Road"), ("q.sites.1.site_home_managed", "Managed laptops, and a visit a year.")];
        let answer = browser.submit(&refused, "/answers/sites", &mended).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(browser.get(&format!("/proposals/{id}/check")).await.has_form("/submit"));
    }
});

both_engines!(migrations, /// OFF-Q3, OFF-3c: a proposal of people brought in needs no address abroad; it asks for their number, stay, access and checks instead.
async fn off_q3_landed_people_need_no_address_abroad(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut browser = lead.browser(&world);
    let mut all = answers(world.lead.0);
    all["kinds"] = json!(["landed_staff"]);
    all.as_object_mut().unwrap().remove("sites");
    let id = world.draft(&lead, world.lead.1, all.clone()).await;
    let check = browser.get(&format!("/proposals/{id}/check")).await;
    let missing = check.select(".govuk-error-summary li");
    assert!(!missing.is_empty() && missing.iter().all(|m| !m.to_lowercase().contains("site")), "{missing:?}");
    for words in ["Where do they come from", "How many people come", "foreign nationals", "first arrive", "reach the authority's", "checks"] {
        assert!(missing.iter().any(|m| m.contains(words)), "{words}: {missing:?}");
    }
    for (name, value) in [
        ("landed_from", json!(["IN"])), ("landed_number", json!(3)), ("landed_foreign", json!(true)), ("landed_resident", json!(false)),
        ("landed_stay", json!({"from": "2026-06-01", "to": "2026-08-31"})), ("landed_place", json!("The authority's office in Leeds")),
        ("landed_access", json!(true)), ("landed_reach", json!("The booking desk, read only.")), ("landed_checks", json!("All of them.")),
        ("landed_after", json!("Accounts end on the last day.")),
    ] {
        all[name] = value;
    }
    let id = world.draft(&lead, world.lead.1, all).await;
    let list = browser.get(&format!("/proposals/{id}/answers")).await;
    assert!(list.select("li").iter().any(|l| l.starts_with("Sites") && l.contains("Not needed")), "{}", list.text());
    let check = browser.get(&format!("/proposals/{id}/check")).await;
    let sent = browser.submit(&check, "/submit", &[("declaration", "yes")]).await;
    assert!(sent.path.ends_with("/sent"), "{}", sent.text());
    let class = browser.get(&format!("/proposals/{id}/classification")).await.text();
    assert!(class.contains("OFF-3c") && class.contains("At least one activity counts"), "{class}");
});
