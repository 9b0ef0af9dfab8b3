//! Structure of the markup: what screen readers and the script rely on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use proptest::prelude::*;

use super::*;

const CATALOGUE: &str = include_str!("../../../../locales/en/ui.ftl");

fn catalogue() -> BTreeMap<String, String> {
    CATALOGUE
        .lines()
        .filter(|line| line.starts_with("ui-"))
        .filter_map(|line| line.split_once(" = "))
        .map(|(id, text)| (id.to_owned(), text.to_owned()))
        .collect()
}

fn word(id: &str) -> String {
    catalogue().remove(id).unwrap_or_else(|| panic!("{id} is not in ui.ftl"))
}

const T: Words = &word;

/// An element's name and attributes, in the order of the document.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// Reads the start tags of our own markup, in which attribute values are always quoted.
fn elements(html: &str) -> Vec<Element> {
    let mut found = Vec::new();
    for part in html.split('<').skip(1) {
        if part.starts_with(['/', '!']) {
            continue;
        }
        let mut quoted = false;
        let end = part
            .find(|c| {
                quoted ^= c == '"';
                c == '>' && !quoted
            })
            .expect("every tag ends");
        let (name, mut rest) = part[..end].split_once(' ').unwrap_or((&part[..end], ""));
        let mut attributes = BTreeMap::new();
        while !rest.trim().is_empty() {
            rest = rest.trim_start();
            let end = rest.find([' ', '=']).unwrap_or(rest.len());
            let (attribute, after) = rest.split_at(end);
            if let Some(value) = after.strip_prefix("=\"") {
                let (value, after) = value.split_once('"').expect("every value ends");
                attributes.insert(attribute.to_owned(), value.to_owned());
                rest = after;
            } else {
                attributes.insert(attribute.to_owned(), String::new());
                rest = after;
            }
        }
        found.push(Element { name: name.to_owned(), attributes });
    }
    found
}

fn assets() -> Assets {
    Assets { style: "/a.css".into(), script: "/a.js".into(), icon: "/i.svg".into(), world: "/w.svg".into() }
}

const COUNTRIES: &[Choice] = &[Choice::new("DE", "Germany"), Choice::new("IN", "India")];

fn errors() -> Vec<FieldError> {
    ["q.words", "q.line", "q.one", "q.any", "q.from", "q.where", "q.home", "q.sites", "q.sites.2.name", "q.paper", "q.true", "secret"]
        .into_iter()
        .map(|name| FieldError::new(name, format!("Answer {name}")))
        .collect()
}

/// A form with every kind of question, each in error.
fn every_field() -> Markup {
    let error = Some("Answer this");
    let field = |name, label| Field::new(name, label).hint(Some("Help")).error(error);
    let choices = [Choice { value: "a", label: "A", hint: Some("Help with A") }, Choice::new("b", "B")];
    let entry = |n: &str| {
        let name = format!("q.sites.{n}.name");
        question("name", None, Some(&format!("sites.{n}")), input(T, &Field::new(&name, "Name").error(error), &Input::default()))
    };
    let sites = Repeat { group: "sites", label: "Sites", hint: Some("Help"), error, item: "Site", add: "Add a site", min: 1, max: 3 };
    form(
        T,
        &Form { action: "/x", csrf: "token", version: Some("1"), once: Some("k"), autosave: true, ..Form::default() },
        html! {
            (textarea(T, &field("q.words", "Words"), "one\ntwo", 4, Some(100)))
            (textarea(T, &Field::new("q.more", "More words"), "", 4, None))
            (input(T, &field("q.line", "Line"), &Input { prefix: Some("£"), suffix: Some("a year"), ..Input::default() }))
            (radios(T, &field("q.one", "One"), &choices, Some("b"), false))
            (checkboxes(T, &field("q.any", "Any"), &choices, &["a", "b"]))
            (date_input(T, &field("q.from", "From"), ["1", "2", "2027"]))
            (parts(T, &field("q.when", "When"), html! {
                (day_boxes(T, &field("q.when.date", "Date"), ["1", "2", "2027"]))
                (input(T, &field("q.when.time", "Time"), &Input::default()))
            }))
            (select(T, &field("q.where", "Where"), COUNTRIES, Some("IN"), true))
            (address(T, &field("q.home", "Office"), &AddressParts::default(), Some(select(T, &Field::new("q.home.country", "Country"), COUNTRIES, None, true))))
            (repeat(T, &sites, &[entry("1"), entry("2")], &entry))
            (file_input(T, &field("q.paper", "Paper"), Some(".pdf"), true))
            (single_checkbox(T, &field("q.true", "It is true"), &Check { value: "yes", ..Check::default() }))
            (password(T, &field("secret", "Password"), "new-password"))
            (button("Save", ButtonKind::Primary))
        },
    )
}

fn whole_page(content: Markup, errors: &[FieldError]) -> String {
    let assets = assets();
    let work = [NavItem { link: Link::new("My work", "/"), count: Some("2") }];
    let rest = [NavItem { link: Link::new("Cases", "/cases"), count: None }, NavItem { link: Link::new("Rules", "/rules"), count: None }];
    let nav = [NavGroup { title: "My work", items: &work }, NavGroup { title: "Contracts", items: &rest }];
    let links = [Link::new("Your account", "/account")];
    let notices =
        [Notice { tone: Tone::Green, text: "Saved", link: None }, Notice { tone: Tone::Blue, text: "Closed on Friday", link: None }];
    let mut of = Page::new("Title", "Vouchsafe", "Authority", &assets);
    of.nav = &nav;
    of.active = "/cases";
    of.account = Some(Account { name: "A Person", acting_for: "Authority", links: &links, sign_out: "/sign-out" });
    of.phase = Some(Phase { tag: "Demonstration", text: "Made up." });
    of.notices = &notices;
    of.errors = errors;
    page(T, &of, content).into_string()
}

/// A group of one is a link; one of several is a menu, marked where one is.
#[test]
fn places_of_the_navigation_stand_in_menus() {
    let text = whole_page(html! {}, &[]);
    let nav = &text[text.find("id=\"navigation\"").unwrap()..text.find("<main").unwrap()];
    assert_eq!((nav.matches("<details").count(), nav.matches("<summary").count()), (1, 1), "{nav}");
    assert!(nav.find("href=\"/\"").unwrap() < nav.find("<details").unwrap(), "{nav}");
    let active = nav.find("service-navigation__item--active").unwrap();
    assert!(active > nav.find("href=\"/\"").unwrap() && active < nav.find("<details").unwrap(), "{nav}");
    assert!(nav.contains("href=\"/cases\" aria-current=\"true\"") && nav.matches("aria-current").count() == 1, "{nav}");
}

fn every_block() -> Markup {
    let tasks = [
        Task { title: "One", hint: Some("Help"), href: Some("/1"), status: "Done", tone: None },
        Task { title: "Two", hint: None, href: None, status: "Not yet", tone: Some(Tone::Grey) },
    ];
    let columns = [
        Column::new("Reference").sort(Sort { href: "?s", ascending: Some(true) }),
        Column::number("Value"),
        Column { quiet: true, ..Column::new("Actions") },
    ];
    let rows = [Row::new(vec![html! { "A" }, html! { "1" }, html! { "Go" }])];
    let group = [FilterLink { link: Link::new("All", "?"), count: Some("3"), on: true }];
    html! {
        (task_list("t", &[TaskGroup { title: "Tasks", tasks: &tasks }]))
        (table(&Table { caption: "Cases", columns: &columns, stack: true, ..Table::default() }, &rows))
        (table(&Table { caption: "More cases", columns: &columns, ..Table::default() }, &rows))
        (filters(T, &[FilterGroup { title: "Stage", links: &group }]))
        (pager(T, &Pager { first: Some("/f"), previous: Some("/p"), next: Some("/n") }))
        (tabs(T, &[Tab { id: "facts", title: "Facts", content: html! { "x" } }, Tab { id: "risk", title: "Risk", content: html! { "y" } }]))
        (warning_text(T, "Careful"))
        (summary_list(&[Fact::text("Key", "Value").action(Link::new("Change", "/c"), "key"), Fact::text("Other", "Value")], true))
        (empty_state("Nothing", "Yet", Some(Link::new("Begin", "/b"))))
        (stage_line(T, &[Stage { name: "Draft", note: None }, Stage { name: "Decision", note: Some("Soon") }, Stage { name: "In force", note: None }], 1))
        (messages(T, &[Message { by: "A", party: "B", when: "today", iso: "2026-11-22", body: html! { "x" }, own: true, internal: true }]))
        (compare(T, "Changes", "Before", "After", &[Change { label: "Where", before: html! { "DE" }, after: html! { "IN" }, changed: true }, Change { label: "Who", before: html! { "A" }, after: html! { "A" }, changed: false }]))
        (matrix(&[]))
    }
}

fn matrix(plotted: &[Plotted]) -> Markup {
    let cells: [&[usize]; 2] = [&[0, 1], &[1, 2]];
    risk_matrix(
        T,
        &Matrix {
            caption: "Risk",
            likelihood: &["Rare", "Likely"],
            impact: &["Minor", "Serious"],
            ratings: &["Low", "Medium", "High"],
            cells: &cells,
        },
        plotted,
    )
}

fn ids(of: &[Element]) -> BTreeSet<&str> {
    of.iter().filter_map(|e| e.get("id")).collect()
}

#[test]
fn ids_are_unique_and_all_references_lead_somewhere() {
    let html = whole_page(html! { (every_field()) (every_block()) }, &errors());
    let elements = elements(&html);
    let known = ids(&elements);
    assert_eq!(known.len(), elements.iter().filter(|e| e.get("id").is_some()).count(), "an id stands twice");
    for element in &elements {
        for attribute in ["for", "aria-describedby", "aria-labelledby", "aria-controls"] {
            for id in element.get(attribute).unwrap_or("").split_whitespace() {
                assert!(known.contains(id), "{attribute} of {} leads to {id}, which is not there", element.name);
            }
        }
        if let Some(id) = element.get("href").and_then(|href| href.strip_prefix('#')) {
            assert!(known.contains(id), "a link leads to #{id}, which is not there");
        }
    }
}

#[test]
fn every_box_has_a_label() {
    let html = every_field().into_string();
    let elements = elements(&html);
    let labelled: BTreeSet<&str> = elements.iter().filter_map(|e| e.get("for")).collect();
    let mut boxes = 0;
    for element in elements.iter().filter(|e| matches!(e.name.as_str(), "input" | "select" | "textarea")) {
        if element.get("type") == Some("hidden") {
            continue;
        }
        boxes += 1;
        let id = element.get("id").expect("a box has an id");
        assert!(labelled.contains(id), "{id} has no label");
        assert!(element.get("name").is_some_and(|n| !n.is_empty()), "{id} has no name");
    }
    assert!(boxes > 20, "only {boxes} boxes were drawn");
}

#[test]
fn the_error_summary_leads_to_every_kind_of_field() {
    let errors = errors();
    let html = whole_page(every_field(), &errors);
    let elements = elements(&html);
    let known = ids(&elements);
    for error in &errors {
        let id = id_of(&error.name);
        assert!(known.contains(id.as_str()), "{} has no element {id}", error.name);
        assert!(html.contains(&format!("href=\"#{id}\"")), "{} is not in the summary", error.name);
    }
    assert!(html.contains("<title>Error: Title – Vouchsafe</title>"));
}

#[test]
fn a_page_without_errors_has_no_summary() {
    let html = whole_page(html! { h1 { "x" } }, &[]);
    assert!(!html.contains("error-summary"));
    assert!(html.contains("<title>Title – Vouchsafe</title>"));
}

#[test]
fn nothing_is_inline_so_the_strict_policy_holds() {
    let html = whole_page(html! { (every_field()) (every_block()) }, &errors());
    for element in elements(&html) {
        assert!(element.get("style").is_none() && element.name != "style", "a style is inline");
        assert!(!element.attributes.keys().any(|a| a.starts_with("on")), "a handler is inline in {}", element.name);
        assert!(element.name != "script" || element.get("src").is_some(), "a script is inline");
    }
}

#[test]
fn the_catalogue_has_every_word_and_no_other() {
    let asked = RefCell::new(BTreeSet::new());
    let t = |id: &str| {
        asked.borrow_mut().insert(id.to_owned());
        word(id)
    };
    let assets = assets();
    let mut of = Page::new("Title", "Vouchsafe", "Authority", &assets);
    of.back = Some(Link::new("Back", "/"));
    page(&t, &of, html! {});
    drop(whole_page(html! { (every_field()) (every_block()) }, &errors()));
    let words = catalogue();
    let source: String = [
        include_str!("case.rs"),
        include_str!("content.rs"),
        include_str!("field.rs"),
        include_str!("form.rs"),
        include_str!("layout.rs"),
        include_str!("list.rs"),
        include_str!("risk.rs"),
    ]
    .concat();
    for id in words.keys() {
        assert!(asked.borrow().contains(id) || source.contains(&format!("\"{id}\"")), "{id} is never asked for");
    }
}

#[test]
fn texts_are_escaped() {
    let bad = "\"><script>alert(1)</script>";
    let html =
        input(T, &Field::new("q.x", bad).hint(Some(bad)).error(Some(bad)), &Input { value: bad, prefix: Some(bad), ..Input::default() })
            .into_string();
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn a_textarea_keeps_its_first_empty_line() {
    let html = textarea(T, &Field::new("q.x", "X"), "\nsecond", 3, None).into_string();
    assert!(html.contains(">\n\nsecond</textarea>"), "{html}");
}

#[test]
fn the_stage_line_says_where_one_is() {
    let stages = [Stage { name: "Draft", note: None }, Stage { name: "Decision", note: None }];
    for (here, marked, done) in [(0, 1, 0), (1, 1, 1), (2, 0, 2), (9, 0, 2)] {
        let html = stage_line(T, &stages, here).into_string();
        assert_eq!(html.matches("aria-current=\"step\"").count(), marked, "at {here}");
        assert_eq!(html.matches("You are here").count(), marked, "at {here}");
        assert_eq!(html.matches("(done)").count(), done, "at {here}");
    }
}

#[test]
fn what_colour_shows_is_said_in_words() {
    let html = every_block().into_string();
    assert_eq!(html.matches(">Changed<").count(), 1);
    assert_eq!(html.matches(">Internal note<").count(), 1);
    let html = matrix(&[Plotted { text: "After controls", likelihood: 1, impact: 0 }]).into_string();
    assert_eq!(html.matches("After controls").count(), 1);
    for rating in ["Low", "Medium", "High"] {
        assert!(html.contains(rating), "{rating} is not named");
    }
}

#[test]
fn a_ragged_matrix_still_draws() {
    let cells: [&[usize]; 1] = [&[7]];
    let of = Matrix { caption: "Risk", likelihood: &["Rare", "Likely"], impact: &["Minor", "Serious"], ratings: &["Low"], cells: &cells };
    assert!(risk_matrix(T, &of, &[Plotted { text: "x", likelihood: 9, impact: 9 }]).into_string().contains("Serious"));
}

#[test]
fn a_repeating_group_offers_what_its_limits_allow() {
    let draw = |entries: usize| {
        let of = Repeat { group: "sites", label: "Sites", item: "Site", add: "Add", min: 1, max: 2, ..Repeat::default() };
        let entries: Vec<_> = (0..entries).map(|_| html! { "entry" }).collect();
        repeat(T, &of, &entries, &|_| html! { "blank" }).into_string()
    };
    let hidden = |html: &str, name: &str| {
        elements(html).iter().filter(|e| e.get("name") == Some(name)).map(|e| e.get("hidden").is_some()).collect::<Vec<_>>()
    };
    // The last remove button of each stands in the template.
    for (entries, add, remove) in [(0, false, vec![false]), (1, false, vec![true, false]), (2, true, vec![false, false, false])] {
        let html = draw(entries);
        assert_eq!(hidden(&html, "add"), [add], "{entries} entries");
        assert_eq!(hidden(&html, "remove"), remove, "{entries} entries");
        assert!(html.contains("value=\"sites.__n__\""));
    }
}

#[test]
fn the_current_page_is_marked_once() {
    let html = whole_page(html! {}, &[]);
    assert_eq!(html.matches("aria-current=").count(), 1);
    assert!(html.contains("href=\"/cases\" aria-current=\"true\""), "{html}");
}

#[test]
fn a_list_of_fifty_stays_under_sixty_kilobytes() {
    let columns = [
        Column::new("Reference"),
        Column::new("Title"),
        Column::new("Supplier"),
        Column::new("Stage"),
        Column::new("Due"),
        Column::number("Value"),
    ];
    let row = || {
        Row::new(vec![
            reference(Link::new("OFF-2026-000001", "/cases/0198c2f0-5a63-7000-8000-000000000000")),
            html! { "Second-line support from Pune for the berth booking service" },
            html! { "Tidewater Digital Services (United Kingdom) Limited" },
            tag("With contract manager", Tone::Blue),
            html! { "20 November 2026" },
            html! { "£1,240,000" },
        ])
    };
    let rows: Vec<_> = (0..50).map(|_| row()).collect();
    let html = whole_page(table(&Table { caption: "Cases", columns: &columns, stack: true, ..Table::default() }, &rows), &[]);
    assert!(html.len() < 60_000, "{} bytes", html.len());
}

#[test]
fn the_manifest_names_the_built_files() {
    let good = br#"{"app.css":"app-1.css","app.js":"app-2.js","icon.svg":"icon-3.svg","world.svg":"world-4.svg"}"#;
    let read = Assets::from_manifest(good, "/assets/").unwrap();
    let expected = Assets {
        style: "/assets/app-1.css".into(),
        script: "/assets/app-2.js".into(),
        icon: "/assets/icon-3.svg".into(),
        world: "/assets/world-4.svg".into(),
    };
    assert_eq!(read, expected);
    assert!(matches!(Assets::from_manifest(br#"{"app.css":"x"}"#, "/"), Err(AssetsError::Missing("app.js"))));
    for bad in [&b""[..], b"[]", b"{\"app.css\":1}"] {
        assert!(matches!(Assets::from_manifest(bad, "/"), Err(AssetsError::Malformed(_))));
    }
}

proptest! {
    #[test]
    fn an_id_needs_no_escaping(name in ".{0,40}") {
        let id = id_of(&name);
        prop_assert!(id.starts_with(|c: char| c.is_ascii_alphabetic()));
        prop_assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'));
    }

    #[test]
    fn form_names_of_different_questions_have_different_ids(a in "[a-z][a-z0-9_]{0,8}", b in "[a-z][a-z0-9_]{0,8}", n in 1_u8..50) {
        prop_assume!(a != b);
        prop_assert_ne!(id_of(&format!("q.{a}")), id_of(&format!("q.{b}")));
        prop_assert_ne!(id_of(&format!("q.{a}.{n}.{b}")), id_of(&format!("q.{a}_{n}_{b}")));
    }
}
