//! A small world: an authority, a lead contractor with a sub-contractor, another supplier, and people with accounts in each.

use std::collections::BTreeMap;

use platform::Cx;
use platform::authz::{AccountActor, Actor, Side};
use platform::cases::Case;
use platform::cases::store as cases;
use platform::forms::drafts::{self, Posting};
use platform::identity::{account, holder, membership, session};
use platform::web::Fields;
use rules::form::Answers;
use rules::risk::{Judgement, Point};
use sea_orm::{ActiveModelTrait as _, ActiveValue, ConnectOptions, Database, DatabaseConnection, EntityTrait as _};
use serde_json::{Value, json};
use testkit::{Browser, TestDb};
use uuid::Uuid;

use crate::offshoring::act;
use crate::offshoring::act::Recommending;
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::{store, tests::world};
use crate::party::model::AUTHORITY_ROLES;
use crate::testing::TestApp;

/// The world.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) authority: Uuid,
    /// Tier 1, and its place.
    pub(crate) lead: (Uuid, Uuid),
    /// Tier 2 below it, and its place.
    pub(crate) sub: (Uuid, Uuid),
    /// Another supplier, and its place on another contract.
    pub(crate) other: (Uuid, Uuid),
    pub(crate) contract: Uuid,
    /// A second way into the database, for rows that only signing up writes.
    side: DatabaseConnection,
}

/// Someone with an account.
pub(crate) struct Person {
    pub(crate) cx: Cx,
    pub(crate) account: Uuid,
    pub(crate) email: String,
    token: String,
}

impl Person {
    /// The browser in which they are signed in.
    pub(crate) fn browser(&self, world: &World) -> Browser {
        self.signed_in(world.app.browser())
    }

    /// The same at another process over the same database.
    pub(crate) fn browser_at(&self, router: axum::Router) -> Browser {
        self.signed_in(Browser::new(router))
    }

    fn signed_in(&self, mut browser: Browser) -> Browser {
        browser.set_cookie("vouchsafe", &self.token);
        browser.set_cookie("__Host-vouchsafe", &self.token);
        browser
    }

    /// The same person, whose last sign-in is long ago.
    pub(crate) fn tired(&self) -> Cx {
        let mut cx = self.cx.clone();
        if let Actor::Account(actor) = &mut cx.actor {
            actor.fresh = false;
        }
        cx
    }

    /// The same account, acting in another role.
    pub(crate) fn acting_as(&self, role: &str) -> Cx {
        let mut cx = self.cx.clone();
        if let Actor::Account(actor) = &mut cx.actor {
            role.clone_into(&mut actor.role);
        }
        cx
    }
}

impl World {
    pub(crate) async fn new(db: TestDb) -> Self {
        Self::with(db, |_| {}).await
    }

    /// The same, with other settings.
    pub(crate) async fn with(db: TestDb, change: impl FnOnce(&mut platform::config::Settings)) -> Self {
        let mut options = ConnectOptions::new(db.url.replace("sqlite:", "sqlite://"));
        options.max_connections(1).sqlx_logging(false);
        let side = Database::connect(options).await.unwrap();
        let app = TestApp::with(db, change);
        let authority = app.party(Side::Authority, "Department of Crossings").await;
        let lead = app.party(Side::Supplier, "Halyard Systems").await;
        let sub = app.party(Side::Supplier, "Bowline Support").await;
        let other = app.party(Side::Supplier, "Capstan Group").await;
        let contract = app.contract(authority, "Ferry bookings").await;
        let lead_place = app.place(contract, lead, None).await;
        let sub_place = app.place(contract, sub, Some(lead_place)).await;
        let elsewhere = app.contract(authority, "Harbour lights").await;
        let other_place = app.place(elsewhere, other, None).await;
        Self { app, authority, lead: (lead, lead_place), sub: (sub, sub_place), other: (other, other_place), contract, side }
    }

    /// Someone with an account, a membership with this role and a session.
    pub(crate) async fn person(&self, role: &str, party: Uuid) -> Person {
        let now = self.app.core.clock.now();
        let (account_id, member, session_id) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        let email = format!("{}@people.example", account_id.simple());
        let name = format!("Pat {}", role.replace('_', " "));
        let row = account::ActiveModel {
            id: ActiveValue::Set(account_id),
            password: ActiveValue::Set(None),
            totp: ActiveValue::Set(None),
            totp_step: ActiveValue::Set(0),
            read_only: ActiveValue::Set(false),
            ends_on: ActiveValue::Set(None),
            state: ActiveValue::Set("active".to_owned()),
            made_at: ActiveValue::Set(now),
            version: ActiveValue::Set(1),
            ..holder::columns(&self.app.core, &self.side, account_id, &name, &email, now).await.unwrap()
        };
        account::Entity::insert(row).exec_without_returning(&self.side).await.unwrap();
        let row = membership::ActiveModel {
            id: ActiveValue::Set(member),
            account: ActiveValue::Set(account_id),
            party: ActiveValue::Set(party),
            role: ActiveValue::Set(role.to_owned()),
            since: ActiveValue::Set(now),
            until: ActiveValue::Set(None),
            stands_for: ActiveValue::Set(None),
            version: ActiveValue::Set(1),
        };
        membership::Entity::insert(row).exec_without_returning(&self.side).await.unwrap();
        let token = platform::random::token().unwrap();
        let row = session::ActiveModel {
            id: ActiveValue::Set(session_id),
            token: ActiveValue::Set(platform::random::digest(token.as_bytes())),
            account: ActiveValue::Set(account_id),
            membership: ActiveValue::Set(member),
            made_at: ActiveValue::Set(now),
            seen_at: ActiveValue::Set(now),
            proved_at: ActiveValue::Set(now),
            ended_at: ActiveValue::Set(None),
            agent: ActiveValue::Set("test".to_owned()),
        };
        row.insert(&self.side).await.unwrap();
        let actor = Actor::Account(Box::new(AccountActor {
            account: account_id,
            name,
            membership: member,
            party,
            party_name: "A party".to_owned(),
            side: if AUTHORITY_ROLES.contains(&role) { Side::Authority } else { Side::Supplier },
            role: role.to_owned(),
            session: session_id,
            fresh: true,
            read_only: false,
            acts_for: None,
        }));
        Person { cx: Cx::new(&self.app.core, actor).unwrap(), account: account_id, email, token }
    }

    /// Someone at the authority.
    pub(crate) async fn official(&self, role: &str) -> Person {
        self.person(role, self.authority).await
    }

    /// The case as it stands.
    /// Turns the clock to noon of a day.
    pub(crate) fn until(&self, day: jiff::civil::Date) {
        let clock = &self.app.core.clock;
        let noon = day.at(12, 0, 0, 0).to_zoned(clock.zone().clone()).unwrap().timestamp().as_millisecond();
        self.app.advance(noon - clock.now());
    }

    pub(crate) async fn case(&self, id: Uuid) -> Case {
        cases::get(self.app.core.db.reader(), &PROPOSAL, id).await.unwrap()
    }

    /// Marks a case as handed in, without its document.
    pub(crate) async fn mark_submitted(&self, case: Case) {
        let mut row: platform::cases::rows::case_file::ActiveModel = case.into();
        row.submitted_at = ActiveValue::Set(Some(self.app.core.clock.now()));
        row.update(&self.side).await.unwrap();
    }

    /// Its version.
    pub(crate) async fn version(&self, id: Uuid) -> i32 {
        self.case(id).await.version
    }

    /// A draft of this person's with these answers.
    pub(crate) async fn draft(&self, by: &Person, place: Uuid, answers: Value) -> Uuid {
        let id = act::begin(&by.cx, place).await.unwrap();
        self.answer(&by.cx, id, answers).await;
        id
    }

    /// Saves these answers, section by section, as the pages would.
    pub(crate) async fn answer(&self, cx: &Cx, id: Uuid, answers: Value) {
        let case = self.case(id).await;
        let pack = act::pack_of(cx, &case).unwrap();
        let form = act::form_of(&pack).unwrap();
        let choices = act::choices(cx, cx.db(), &case).await.unwrap();
        let answers = Answers::from_json(answers).unwrap();
        let standing = drafts::load(cx, id, case.round).await.unwrap();
        let proposal = store::load(cx.db(), case.clone()).await.unwrap();
        for section in &form.sections {
            let mut fields = vec![("version".to_owned(), standing.version(&section.id).to_string())];
            for question in &section.questions {
                fields.push(("asked".to_owned(), question.id.clone()));
                if let Some(answer) = answers.get(&question.id) {
                    fields.extend(question.fields(&format!("q.{}", question.id), answer));
                }
            }
            let fields = Fields::new(fields);
            let permit = cx.permit("proposal.draft", &proposal).unwrap();
            let posting = Posting { form, section: &section.id, fields: &fields, choices: &choices };
            let saved = drafts::save(cx, &permit, id, case.round, &posting).await.unwrap();
            let drafts::Outcome::Saved(saved) = saved else { panic!("{} clashed", section.id) };
            assert!(saved.errors.is_empty(), "{}: {:?}", section.id, saved.errors);
        }
    }

    /// A proposal of the lead contractor's, handed in.
    pub(crate) async fn submitted(&self, by: &Person) -> Uuid {
        self.submitted_with(by, answers(self.lead.0)).await
    }

    async fn submitted_with(&self, by: &Person, answers: Value) -> Uuid {
        let id = self.draft(by, self.lead.1, answers).await;
        act::submit(&by.cx, id, self.version(id).await, true, None).await.unwrap();
        id
    }

    /// A proposal that has come to management, with whoever assessed and recommended.
    pub(crate) async fn at_decision(&self, lead: &Person) -> (Uuid, Person, Person) {
        self.at_decision_of(lead, answers(self.lead.0)).await
    }

    /// The same, of other answers.
    pub(crate) async fn at_decision_of(&self, lead: &Person, answers: Value) -> (Uuid, Person, Person) {
        let id = self.submitted_with(lead, answers).await;
        let (assessor, security) = self.to_decision(id).await;
        (id, assessor, security)
    }

    /// Brings a proposal that the contract manager has to management: whoever assessed and recommended.
    pub(crate) async fn to_decision(&self, id: Uuid) -> (Person, Person) {
        let (manager, assessor, security) =
            (self.official("contract_manager").await, self.official("assessor").await, self.official("security").await);
        self.app.advance(1_000);
        act::pass_on(&manager.cx, id, self.version(id).await, None).await.unwrap();
        self.app.advance(1_000);
        self.judge_all(&assessor, id).await;
        self.app.advance(1_000);
        act::assess(&assessor.cx, id, self.version(id).await, "Few people, nothing personal.").await.unwrap();
        self.app.advance(1_000);
        act::recommend(&security.cx, id, self.version(id).await, Recommending::Approve, "The risk left is low.").await.unwrap();
        (assessor, security)
    }

    /// Brings a proposal that the contract manager has to its approval, from June 2026 to May 2027.
    pub(crate) async fn approve(&self, id: Uuid) {
        self.to_decision(id).await;
        let boss = self.official("management").await;
        let with = act::Approving {
            reason: "The risk left is low.".to_owned(),
            conditions: String::new(),
            more_controls: Vec::new(),
            from: jiff::civil::date(2026, 6, 1),
            to: jiff::civil::date(2027, 5, 31),
        };
        act::approve(&boss.cx, id, self.version(id).await, &with).await.unwrap();
    }

    /// Judges every factor of the path.
    pub(crate) async fn judge_all(&self, assessor: &Person, id: Uuid) {
        for factor in self.factors(assessor, id).await {
            let row = store::assessment(&assessor.cx, assessor.cx.db(), &self.case(id).await).await.unwrap().unwrap();
            act::judge(&assessor.cx, id, row.version, judgement(&factor), "As the answers say.").await.unwrap();
        }
    }

    /// The factors of the path of the case's assessment.
    pub(crate) async fn factors(&self, by: &Person, id: Uuid) -> Vec<String> {
        let case = self.case(id).await;
        let row = store::assessment(&by.cx, by.cx.db(), &case).await.unwrap().unwrap();
        let pack = act::pack_of(&by.cx, &case).unwrap();
        let (answers, _) = act::handed_in(&by.cx, by.cx.db(), &case).await.unwrap();
        let risk = rules::risk::Risk::new(&pack, "offshore_risk", &answers).unwrap();
        let path = risk.method().paths.iter().find(|p| p.id == row.path).unwrap();
        risk.factors(path).iter().map(|f| f.id.clone()).collect()
    }

    /// The messages sent so far, what waits to be sent too, by address: subjects.
    pub(crate) async fn mail(&self) -> BTreeMap<String, Vec<String>> {
        self.app.work().await;
        let mut by_address: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for letter in testkit::letters(&self.app.core.settings.mail_folder()) {
            by_address.entry(letter.to).or_default().push(letter.subject);
        }
        by_address
    }
}

/// A judgement that falls by one control.
pub(crate) fn judgement(factor: &str) -> Judgement {
    Judgement {
        factor: factor.to_owned(),
        inherent: Point { likelihood: 3, impact: 3 },
        residual: Point { likelihood: 2, impact: 2 },
        controls: vec!["allow_audit".to_owned()],
        other_controls: Vec::new(),
    }
}

/// Complete answers: five people in one office in India look at records that are not personal. The short path applies.
pub(crate) fn answers(party: Uuid) -> Value {
    json!({
        "work_title": "Night support for ferry bookings", "certainty": "planned", "kinds": ["access"], "reach": "reaches",
        "work_party": party.to_string(), "further_tiers": false, "dates": {"from": "2026-06-01", "to": "2027-05-31"},
        "business_description": "Travellers ask about bookings at night.", "limited_work": ["lasting"], "staff_total": 5,
        "staff_roles": [{"role_name": "Adviser", "role_count": 5, "role_countries": ["IN"], "role_tasks": "Answers questions."}],
        "information": [{
            "info_name": "Timetables", "info_kind": "information", "info_quantity": 400, "info_quantity_of": "documents",
            "info_classification": "official", "info_personal": "not_personal", "assurance_status": "not_assured",
            "info_handling": "Read on managed laptops.", "info_viewing": "On screens of the office.",
            "info_protection": "Encrypted in transit; keys at home.", "info_storage": ["not_stored"],
        }],
        "networks": "The office network and a private line.", "connectivity": "A tunnel to the gateway at home.",
        "procedures_interact": "The day team hands over at eight.", "systems_interact": "They sign in to the booking desk.",
        "sites": [{
            "site_name": "Pune office", "site_country": "IN",
            "site_address": {"lines": "4 Station Road", "town": "Pune", "country": "IN"},
            "site_is_home": false, "site_operator": "Halyard Systems", "site_activities": ["access"], "site_people": 5,
            "site_protection": "Guarded, badges, cameras.", "site_home_working": false, "site_other_known": "known",
            "site_other_authority": "none", "site_other_clients": "none", "site_clearance": "none",
            "site_employment_checks": "Identity, history, criminal record.", "site_checks_cover_all": true,
        }],
        "countries": [{
            "country": "IN", "country_conditions": "Power cuts.", "country_enforcement": "Courts are slow.",
            "country_misuse_law": "An offence by statute.", "country_encryption": "no limits known",
            "country_confidentiality": "no_limits", "country_personal": ["neither"],
        }],
        "exit_plan": "The day team can take the work back within a week.",
        "governing_contact": {
            "name": "Ash Marlow", "role": "Service director", "organisation": "Halyard Systems", "email": "ash@halyard.example",
            "telephone": "020 7946 0000", "address": "1 Quay Street", "responsibility": "Answers for the night desk.",
        },
        "contact_informed": true,
    })
}

/// Answers by which nothing counts: a printer abroad that reaches nothing.
pub(crate) fn exempt(party: Uuid) -> Value {
    let mut all = world::answers(party);
    all["kinds"] = json!(["service"]);
    all["reach"] = json!("reaches_nothing");
    all["exemption_facts"] = json!("Only public leaflets are printed.");
    all["sites"][0]["site_activities"] = json!(["service"]);
    all
}

/// Holds that this policy refused it.
pub(crate) fn refused_by(result: platform::Result<impl std::fmt::Debug>, policy: &str) {
    match result {
        Err(platform::Error::Refused(refusal)) => assert_eq!(refusal.policy, policy),
        other => panic!("not refused by {policy}: {other:?}"),
    }
}
