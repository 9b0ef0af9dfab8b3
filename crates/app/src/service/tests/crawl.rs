//! A small town in which every route leads somewhere: what tests over all routes walk through.

use axum::body::Body;
use axum::http::{Method, Request, header};
use platform::authz::Side;
use platform::cases::tasks::NewTask;
use platform::web::RouteInfo;
use rules::plan_change::Added;
use serde_json::json;
use testkit::{Browser, Page, TestDb};
use uuid::Uuid;

use crate::arrangement::model::Details as Work;
use crate::bid::Bids;
use crate::bid::model::{BID, Plans as Abroad};
use crate::breach::Breaches;
use crate::breach::model::BREACH;
use crate::casework::act as around;
use crate::casework::papers::make as make_paper;
use crate::casework::passing::act::{self as passing, NewLink};
use crate::casework::writing::Writing;
use crate::import::act::Staging;
use crate::incident::Incidents;
use crate::incident::model::INCIDENT;
use crate::obligation::statement::Statement;
use crate::offshoring::Proposals;
use crate::offshoring::store;
use crate::offshoring::tests::world::{Person, World, answers};
use crate::paper::model::Kind;
use crate::plan::Plans;
use crate::plan_change::Changes;
use crate::plan_change::model::{CHANGE, Notice};
use crate::ruling::Rulings;
use crate::ruling::model::RULING;
use crate::site::model::Details as Site;
use crate::subprocessor::model::Details as Used;
use crate::webhook::model::Details as Webhook;

/// The world of proposals, with something behind every parameter of every route. All of it is Halyard's and the authority's.
pub(super) struct Town {
    pub(super) world: World,
    pub(super) lead: Person,
    pub(super) manager: Person,
    /// At its decision, with a thread and a task.
    pub(super) proposal: Uuid,
    pub(super) draft: Uuid,
    /// A section of the draft passed to somebody.
    pub(super) link: Uuid,
    pub(super) task: Uuid,
    /// A file of the proposal's, and an internal one.
    pub(super) files: [Uuid; 2],
    pub(super) factor: String,
    pub(super) paper: Uuid,
    pub(super) statement: Uuid,
    pub(super) webhook: Uuid,
    pub(super) run: Uuid,
    pub(super) site: Uuid,
    /// A system and a transfer route.
    holdings: (Uuid, Uuid),
    pub(super) arrangement: Uuid,
    /// Opened by the report of the arrangement, with a task.
    pub(super) breach: Uuid,
    pub(super) breach_task: Uuid,
    pub(super) ruling: (Uuid, Uuid),
    pub(super) decided: Uuid,
    pub(super) measure: Uuid,
    pub(super) terms: Uuid,
    pub(super) incident: Uuid,
    pub(super) incident_task: Uuid,
    /// A message on the incident with data about people that is declared essential.
    pub(super) incident_message: Uuid,
    /// A file of the incident's that is withheld.
    pub(super) incident_file: Uuid,
    /// A version of a plan that was handed in, and a change of which notice was given; each with a task.
    pub(super) plan: (Uuid, Uuid),
    pub(super) change: (Uuid, Uuid),
    pub(super) recorded: Uuid,
    /// A sweep, and what is asked of the lead in it.
    pub(super) sweep: (Uuid, Uuid),
    /// Shown by the incident.
    pub(super) weakness: Uuid,
    /// An e-mail that waits.
    pub(super) mail: Uuid,
    pub(super) bid: Uuid,
    pub(super) bid_task: Uuid,
    pub(super) tender: Uuid,
    pub(super) subprocessor: Uuid,
    pub(super) delegation: Uuid,
    /// An edition of a pack that waits to be confirmed.
    pub(super) offer: Uuid,
}

/// Lets somebody decide in management's place today.
async fn delegated(world: &World) -> Uuid {
    let (boss, deputy) = (world.official("management").await, world.official("owner").await);
    let today = world.app.core.clock.today();
    let asked = crate::delegation::model::Asking {
        membership: boss.cx.actor.membership().unwrap(),
        to: deputy.account,
        from: today,
        until: today,
        reason: "At the Pune office of Halyard.".to_owned(),
    };
    crate::delegation::act::make(&boss.cx, &asked).await.unwrap()
}

impl Town {
    pub(super) async fn new(db: TestDb) -> Self {
        Box::pin(Self::grow(World::new(db).await)).await
    }

    /// The town on a world that stands already.
    pub(super) async fn grow(world: World) -> Self {
        crate::contract::act::put_pack(&world.app.operator(), world.contract, "offshoring", "2026.1", Some("agreed")).await.unwrap();
        crate::contract::act::put_pack(&world.app.operator(), world.contract, "provider_security", "2026.1", Some("agreed")).await.unwrap();
        let lead = world.person("supplier_lead", world.lead.0).await;
        let manager = world.official("contract_manager").await;
        let (proposal, assessor, _) = world.at_decision(&lead).await;
        around::write::<Proposals>(&manager.cx, proposal, &Writing::message("Please name the guards of the Pune office")).await.unwrap();
        around::write::<Proposals>(&manager.cx, proposal, &Writing::note("Hush: Halyard was late before")).await.unwrap();
        let task = NewTask::new("Send the plan of the Pune office".to_owned(), Side::Supplier);
        let task = around::add_task::<Proposals>(&manager.cx, proposal, task).await.unwrap();
        let files = [
            crate::testing::attach(&lead.cx, "proposal", proposal, "Halyard plan.pdf", false).await,
            crate::testing::attach(&manager.cx, "proposal", proposal, "Hush.pdf", true).await,
        ];
        let draft = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
        let asked = NewLink {
            name: "Somebody of Halyard".to_owned(),
            email: "somebody@halyard.example".to_owned(),
            sections: vec!["sites".to_owned()],
            ..NewLink::default()
        };
        let link = passing::pass::<Proposals>(&lead.cx, draft, &asked).await.unwrap();
        let factor = world.factors(&assessor, proposal).await.remove(0);
        let of = store::load(manager.cx.db(), world.case(proposal).await).await.unwrap();
        let paper = make_paper::<Proposals>(&manager.cx, &of, Kind::Proposal).await.unwrap();
        let mut staging = Staging::begin(&manager.cx).unwrap();
        staging.file("halyard.json");
        staging.push(release("1", "Halyard Systems").to_string().as_bytes()).await.unwrap();
        staging.end_of_file().await.unwrap();
        let run = staging.finish().await.unwrap().id;
        let site = Site { people: 5, ..Site::of("Pune annex", "office", "IN", "Halyard House, Pune") };
        let site = crate::site::act::add(&lead.cx, world.lead.0, &site).await.unwrap();
        let holdings = crate::holding::tests::both(&lead.cx, world.lead.0, "Pune of Halyard").await;
        let hook = Webhook {
            name: "Tickets".to_owned(),
            url: "https://tickets.example/hook".to_owned(),
            state: "paused".to_owned(),
            actions: Vec::new(),
        };
        let webhook = crate::webhook::act::add(&world.official("administrator").await.cx, &hook).await.unwrap();
        let statement = Statement::of(&lead.cx, world.lead.1).await.unwrap();
        let statement = crate::obligation::act::make_statement(&lead.cx, &statement).await.unwrap();
        let (arrangement, breach, breach_task) = Box::pin(worked(&world, &lead, &manager)).await;
        let (measure, terms, decided) = Box::pin(held(&world, &manager)).await;
        let ruling = Box::pin(questioned(&world, &lead, &manager)).await;
        let (plan, change) = Box::pin(planned(&world, &lead, &manager)).await;
        let (incident, incident_task, recorded) = Box::pin(troubled(&world, &lead, &manager)).await;
        let sweep = Box::pin(crate::sweep::tests::asked_alone(&world, "The readers of the Pune office")).await;
        let incident_message =
            crate::incident::tests::essential_message(&lead.cx, incident, "Call the Pune office of Halyard: 020 7946 0123.").await;
        let incident_file = crate::testing::attach(&lead.cx, "incident", incident, "Halyard list.pdf", false).await;
        let weakness = crate::incident::tests::noted(&manager.cx, "Laptops of the Pune office without a lock", Some(incident)).await;
        let mail = crate::intake::tests::waiting(&world.app, "somebody@halyard.example", "A laptop of the Pune office").await;
        let (tender, bid, bid_task) = Box::pin(bidding(&world, &lead)).await;
        let used = Used { party: Some(world.lead.0), location: Some("India".to_owned()), ..Used::named("Pune Mailers of Halyard") };
        let subprocessor = crate::subprocessor::act::add(&lead.cx, &used).await.unwrap();
        let delegation = delegated(&world).await;
        let offer = crate::edition::tests::edition("outsourcing", "2027.1", &[]);
        let offer = crate::edition::act::offer(&world.official("administrator").await.cx, offer).await.unwrap();
        Self {
            world,
            lead,
            manager,
            proposal,
            draft,
            link,
            task,
            files,
            factor,
            paper,
            statement,
            webhook,
            run,
            site,
            holdings,
            arrangement,
            breach,
            breach_task,
            ruling,
            decided,
            measure,
            terms,
            incident,
            incident_task,
            incident_message,
            incident_file,
            plan,
            change,
            recorded,
            sweep,
            weakness,
            mail,
            bid,
            bid_task,
            tender,
            subprocessor,
            delegation,
            offer,
        }
    }

    /// What a parameter of a route may stand for. A new route whose parameter is not known here fails the tests over all routes.
    pub(in crate::service) fn values(&self, path: &str, name: &str) -> Vec<String> {
        let id = |id: Uuid| vec![id.to_string()];
        let first = path.split('/').nth(1).unwrap();
        let actor = |person: &Person| person.cx.actor.account().cloned().unwrap();
        match (first, name) {
            ("proposals", "id") => vec![self.proposal.to_string(), self.draft.to_string()],
            ("files", "kind") => vec!["proposal".to_owned()],
            ("files", "thing") => vec![self.proposal.to_string(), self.draft.to_string()],
            ("files", "file") => self.files.iter().map(Uuid::to_string).collect(),
            ("proposals", "section") => vec!["sites".to_owned()],
            ("proposals", "task") => id(self.task),
            ("proposals", "factor") => vec![self.factor.clone()],
            ("proposals", "turn") => ["suspend", "resume", "revoke", "confirm", "renew"].map(str::to_owned).to_vec(),
            ("proposals", "paper") => id(self.paper),
            ("proposals", "step") => {
                ["hand_over", "pass_on", "not_offshoring", "reassess", "recommend", "discard", "withdraw"].map(str::to_owned).to_vec()
            }
            ("sites", "id") => id(self.site),
            ("systems", "id") => id(self.holdings.0),
            ("transfer-routes", "id") => id(self.holdings.1),
            ("subprocessors", "id") => id(self.subprocessor),
            ("map", "country") => vec!["IN".to_owned()],
            ("arrangements", "id") => id(self.arrangement),
            ("arrangements" | "breaches" | "incidents" | "plan-changes" | "proposals" | "rulings", "place") => id(self.world.lead.1),
            ("breaches", "id") => id(self.breach),
            ("breaches", "task") => id(self.breach_task),
            ("breaches", "paper") => id(Uuid::from_u128(79)),
            ("breaches", "step") => BREACH.steps.iter().map(|step| step.id.to_owned()).collect(),
            ("authority-data", "id") => id(self.decided),
            ("measures", "id") => id(self.measure),
            ("data-protection", "id") => id(self.terms),
            ("rulings", "id") => id(self.ruling.0),
            ("rulings", "task") => id(self.ruling.1),
            ("rulings", "paper") => id(Uuid::from_u128(84)),
            ("rulings", "step") => RULING.steps.iter().map(|step| step.id.to_owned()).collect(),
            ("incidents", "id") => id(self.incident),
            ("plans", "id") => id(self.plan.0),
            ("plans", "task") => id(self.plan.1),
            ("plans" | "plan-changes", "paper") => id(Uuid::from_u128(83)),
            ("plans", "section") => vec!["terms".to_owned()],
            ("plans", "step") => ["agree", "withdraw", "discard"].map(str::to_owned).to_vec(),
            ("plan-changes", "id") => id(self.change.0),
            ("plan-changes", "task") => id(self.change.1),
            ("plan-changes", "section") => vec!["request".to_owned()],
            ("plan-changes", "step") => {
                CHANGE.steps.iter().map(|step| step.id.to_owned()).filter(|id| id != "submit" && id != "return").collect()
            }
            ("incident-records", "id") => id(self.recorded),
            ("sweeps", "id") => id(self.sweep.0),
            ("sweeps" | "sweep-answers", "answer") => id(self.sweep.1),
            ("weaknesses", "id") => id(self.weakness),
            ("places", "link") => id(Uuid::from_u128(82)),
            ("incidents", "task") => id(self.incident_task),
            ("incidents", "message") => id(self.incident_message),
            ("incidents", "file") => id(self.incident_file),
            ("incidents" | "incident-mail", "mail") => id(self.mail),
            ("incidents", "paper") => id(Uuid::from_u128(81)),
            ("incidents", "section") => vec!["report".to_owned()],
            ("incidents", "step") => INCIDENT.steps.iter().map(|step| step.id.to_owned()).collect(),
            ("bids", "id") => id(self.bid),
            ("bids", "contract") => id(self.tender),
            ("bids", "task") => id(self.bid_task),
            ("bids", "paper") => id(Uuid::from_u128(80)),
            ("bids", "step") => BID.steps.iter().map(|step| step.id.to_owned()).collect(),
            ("parties", "id") => id(self.world.lead.0),
            ("contracts", "id" | "contract") => id(self.world.contract),
            ("contracts", "run") => id(self.run),
            ("contracts" | "chain" | "places", "place") => id(self.world.lead.1),
            ("accounts", "id") => vec![self.lead.account.to_string(), self.manager.account.to_string()],
            ("accounts", "membership") => id(actor(&self.lead).membership),
            ("account", "id") => vec![actor(&self.lead).session.to_string(), self.delegation.to_string()],
            ("delegations", "id") => id(self.delegation),
            ("contracts", "pack") => vec!["provider_security".to_owned()],
            ("packs", "id" | "pack") | ("obligations", "pack") => vec!["offshoring".to_owned()],
            ("packs", "offer") => id(self.offer),
            ("packs", "edition") => vec!["2026.1".to_owned()],
            ("obligations", "at") => id(self.world.lead.1),
            ("webhooks", "id") => id(self.webhook),
            ("webhooks", "delivery") => id(Uuid::from_u128(78)),
            ("obligations", "paper") => id(self.statement),
            ("obligations", "document") => vec!["contract".to_owned()],
            ("obligations", "duty") => vec!["inform_before".to_owned()],
            ("packs", "form") => vec!["proposal".to_owned()],
            ("jobs", "id") => id(Uuid::from_u128(77)),
            ("proposals", "link") => id(self.link),
            ("plan-readers", "token") => vec!["no-such-link".to_owned()],
            ("reporting", "token") => vec!["no-such-link".to_owned()],
            ("reporting", "case") => id(self.incident),
            ("asked", "token") => vec!["no-such-link".to_owned()],
            ("asked", "section") => vec!["sites".to_owned()],
            ("sign-in", "token") => vec!["no-such-token".to_owned()],
            _ => panic!("{path}: say in crawl.rs what {{{name}}} stands for, so that the route is covered"),
        }
    }

    /// The addresses of a route, with everything that its parameters may stand for.
    pub(super) fn paths(&self, info: &RouteInfo) -> Vec<String> {
        let mut found = vec![String::new()];
        for part in info.path.split('/').skip(1) {
            let parts = match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
                Some(name) => self.values(&info.path, name),
                None => vec![part.to_owned()],
            };
            found = found.iter().flat_map(|start| parts.iter().map(move |p| format!("{start}/{p}"))).collect();
        }
        found
    }
}

/// A reported incident with a task, and one that somebody else recorded.
async fn troubled(world: &World, lead: &Person, manager: &Person) -> (Uuid, Uuid, Uuid) {
    let incident = crate::incident::tests::reported(&lead.cx, world.lead.1).await.id;
    let find = NewTask::new("Find the laptop of the Pune office".to_owned(), Side::Supplier);
    let task = around::add_task::<Incidents>(&manager.cx, incident, find).await.unwrap();
    let recorded = crate::incident_record::tests::entered(&world.official("security").await.cx, "Halyard Hospital").await;
    (incident, task, recorded)
}

/// Work that nobody proposed, the breach that it is, and a task of that.
async fn worked(world: &World, lead: &Person, manager: &Person) -> (Uuid, Uuid, Uuid) {
    let work = Work {
        name: "Night calls from Goa".to_owned(),
        kind: "access".to_owned(),
        country: "IN".to_owned(),
        site: None,
        people: 2,
        data: None,
        held: crate::arrangement::model::Held::default(),
        from: jiff::civil::date(2026, 2, 1),
        to: jiff::civil::date(2026, 12, 31),
    };
    let arrangement = crate::arrangement::act::report(&lead.cx, world.lead.1, &work).await.unwrap();
    let breach = crate::breach::store::about_work(lead.cx.db(), arrangement).await.unwrap()[0].0.id;
    let stop = NewTask::new("Take the access of the Pune office away".to_owned(), Side::Supplier);
    (arrangement, breach, around::add_task::<Breaches>(&manager.cx, breach, stop).await.unwrap())
}

/// A measure, terms and a decision about data of the contract.
async fn held(world: &World, manager: &Person) -> (Uuid, Uuid, Uuid) {
    let measure = crate::measure::tests::taken(&manager.cx, world.contract, "Locks of the Pune office of Halyard").await;
    let terms = crate::data_protection::tests::entered(&manager.cx, world.contract, "Schedule 9, of the Pune office of Halyard").await;
    let decided = crate::authority_data::tests::decided(&manager.cx, world.contract, "Photographs of the Pune office of Halyard").await;
    (measure, terms, decided)
}

/// A question about a rule, which has a task.
async fn questioned(world: &World, lead: &Person, manager: &Person) -> (Uuid, Uuid) {
    let ruling = crate::ruling::tests::asked(world, &lead.cx, "May the Pune office of Halyard keep scans alone?").await;
    let show = NewTask::new("Show the scans of the Pune office".to_owned(), Side::Supplier);
    let task = around::add_task::<Rulings>(&manager.cx, ruling, show).await.unwrap();
    (ruling, task)
}

/// A tender with a bid that was handed in, which has a task.
async fn bidding(world: &World, lead: &Person) -> (Uuid, Uuid, Uuid) {
    let procurement = world.official("procurement_lead").await;
    let tender = world.app.contract(world.authority, "Night ferries for Halyard").await;
    let bid = crate::bid::act::invite(&procurement.cx, tender, world.lead.0, jiff::civil::date(2026, 4, 1)).await.unwrap();
    let version = async || crate::bid::store::get(lead.cx.db(), bid).await.unwrap().case.version;
    let home = Abroad { abroad: Some(false), statement: Some("All is done in the Pune office.".to_owned()) };
    crate::bid::act::state(&lead.cx, bid, version().await, &home).await.unwrap();
    crate::bid::act::submit(&lead.cx, bid, version().await).await.unwrap();
    let show = NewTask::new("Show the plan of the Pune office".to_owned(), platform::authz::Side::Supplier);
    let bid_task = around::add_task::<Bids>(&procurement.cx, bid, show).await.unwrap();
    (tender, bid, bid_task)
}

/// A plan that was handed in, and notice of a change, each with a task.
async fn planned(world: &World, lead: &Person, manager: &Person) -> ((Uuid, Uuid), (Uuid, Uuid)) {
    let plan = crate::plan::tests::submitted(world, lead).await;
    let show = NewTask::new("Show the guards of the Pune office".to_owned(), Side::Supplier);
    let task = around::add_task::<Plans>(&manager.cx, plan, show).await.unwrap();
    let notice = Notice {
        title: "A second Pune office of Halyard".to_owned(),
        added: [Added::Site].into(),
        handles: None,
        about: "Another floor in Pune.".to_owned(),
        expected: None,
    };
    let change = crate::plan_change::act::notify(&lead.cx, world.lead.1, &notice, &[]).await.unwrap().id;
    let say = NewTask::new("Say which floor of the Pune office".to_owned(), Side::Supplier);
    let told = around::add_task::<Changes>(&manager.cx, change, say).await.unwrap();
    ((plan, task), (change, told))
}

/// An invented release with one award to `supplier`.
pub(super) fn release(id: &str, supplier: &str) -> serde_json::Value {
    json!({
        "ocid": format!("ocds-test-{id}"), "id": format!("r{id}"), "date": "2026-01-02T03:04:05Z", "tag": ["award"], "initiationType": "tender",
        "buyer": {"id": "b", "name": "Tarn Borough Council"},
        "parties": [
            {"id": "b", "name": "Tarn Borough Council", "roles": ["buyer"], "address": {"countryName": "England"}},
            {"id": "s", "name": supplier, "roles": ["supplier"], "address": {"streetAddress": "1 Quay", "countryName": "England"}},
        ],
        "tender": {"id": "t", "title": format!("Parking meters {id}"), "contractPeriod": {"startDate": "2026-02-01T00:00:00Z"}},
        "awards": [{"id": "a", "status": "active", "value": {"amount": 1000, "currency": "GBP"}, "suppliers": [{"id": "s", "name": supplier}]}],
    })
}

/// Whether what lies there flows down to everybody in the chain: the terms of a contract, its measures, and what is authority data under it.
pub(super) fn flows_down(path: &str) -> bool {
    let registers = ["/measures", "/data-protection", "/authority-data"];
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    registers.iter().any(|register| path.starts_with(register))
}

pub(super) fn gets() -> Vec<RouteInfo> {
    crate::service::routes().infos().into_iter().filter(|i| i.method == Method::GET).collect()
}

pub(super) fn posts() -> Vec<RouteInfo> {
    crate::service::routes().infos().into_iter().filter(|i| i.method == Method::POST).collect()
}

/// Opens `path` without following redirects.
pub(super) async fn open(browser: &mut Browser, path: &str) -> Page {
    browser.send(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap(), path).await
}

/// The token against forged requests that this browser's forms carry.
pub(super) async fn csrf(browser: &mut Browser) -> String {
    let page = browser.get("/account").await;
    let (_, fields) = page.fill("/sign-out", &[]);
    fields.into_iter().find(|(name, _)| name == "csrf").unwrap().1
}

/// Sends fields to a route of forms, or a file to one that takes files.
pub(super) async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let takes_files = ["/contracts/import", "/breaches/import", "/incident-records/import", "/packs/install"].contains(&path)
        || path.ends_with("/workbook/in")
        || path.starts_with("/files/") && !["/remove", "/reveal"].iter().any(|end| path.ends_with(end));
    if !takes_files {
        let fields: Vec<_> = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        return browser.post_raw(path, &fields).await;
    }
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--mark\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--mark\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.json\"\r\n\r\n{}\r\n--mark--\r\n");
    browser.upload_raw(path, body.into_bytes()).await
}
