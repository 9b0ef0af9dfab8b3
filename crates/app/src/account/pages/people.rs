//! The people of the service, for administrators and, in their own party, leads.

use axum::extract::Path;
use maud::{Markup, html};
use platform::db::dialect::fold;
use platform::error::FieldErrors;
use platform::identity::{account, holder, holder::Holder};
use platform::sheets::{self, Cell, Column as Field, Kind, List, Page};
use platform::web::{Access, Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, ui};
use uuid::Uuid;

use super::{asked, form, id, role, said, words};
use crate::account::act::{self, Invite};
use crate::account::{model, store};
use crate::party::model::{AUTHORITY_ROLES, SUPPLIER_ROLES};

fn state_of(account: &account::Model, cx: &Cx) -> (&'static str, String) {
    match account.state.as_str() {
        "closed" => ("closed", t!("account-state-closed")),
        _ if account.is_over(&cx.core().clock) => ("over", t!("account-state-over")),
        "invited" => ("invited", t!("account-state-invited")),
        _ => ("active", t!("account-state-active")),
    }
}

fn state(account: &account::Model, visit: &Visit) -> Markup {
    let (code, text) = state_of(account, &visit.cx);
    let tone = match code {
        "invited" => ui::Tone::Yellow,
        "active" => ui::Tone::Green,
        _ => ui::Tone::Grey,
    };
    html! {
        (ui::tag(&text, tone))
        @if account.read_only { " " (ui::tag(&t!("account-read-only"), ui::Tone::Blue)) }
    }
}

/// The account and who holds it, if the actor sees it.
async fn seen(visit: &Visit, text: &str) -> Result<(account::Model, Holder)> {
    let account = store::get(visit.cx.db(), id(text)?).await?;
    let thing = store::thing(visit.cx.db(), account.id, visit.cx.now()).await?;
    visit.core().authz.check(&visit.cx.actor, "account.view", &thing)?;
    let holder = holder::of(visit.core(), visit.cx.db(), &account).await?;
    Ok((account, holder))
}

/// The list of accounts, for taking out.
pub(crate) const LIST: List = List {
    code: "accounts",
    title: "nav-accounts",
    path: "/accounts",
    export: "/accounts/export",
    access: Access::SignedIn,
    area: platform::api::Area::Administration,
    columns,
    read: |cx, address| Box::pin(sheet(cx, address)),
};

fn columns() -> Vec<Field> {
    let of = Field::of;
    vec![
        of("name", "account-name", Kind::Text),
        of("email", "account-email", Kind::Text),
        of("roles", "account-roles", Kind::Text),
        of("state", "account-state", Kind::Text),
        of("read_only", "list-read-only", Kind::Text),
        of("since", "account-since", Kind::Moment),
        of("ends_on", "account-ends", Kind::Date),
        of("id", "list-id", Kind::Text),
    ]
}

async fn sheet(cx: &Cx, address: &str) -> Result<Page> {
    cx.permit("system.accounts", &model::system())?;
    let filter = filter_of(address);
    let (found, more) = store::list(cx, &filter).await?;
    let mut rows = Vec::new();
    for (account, holder) in &found {
        if !cx.may("account.view", &store::thing(cx.db(), account.id, cx.now()).await?) {
            continue;
        }
        let (code, says) = state_of(account, cx);
        rows.push(vec![
            Cell::Text(holder.name.clone()),
            Cell::text(holder.email.clone()),
            Cell::Text(roles_of(cx, account.id).await?.join("; ")),
            Cell::Code(code.to_owned(), says),
            if account.read_only { Cell::Code("yes".to_owned(), t!("account-read-only")) } else { Cell::Blank },
            Cell::Moment(account.made_at),
            Cell::day(account.ends_on.as_deref()),
            Cell::Text(account.id.to_string()),
        ]);
    }
    Ok(Page { rows, next: found.last().filter(|_| more).map(|(last, _)| following(&filter, last.id)) })
}

/// The address of the page after the account `last`.
fn following(filter: &store::Filter, last: Uuid) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", &filter.words).append_pair("state", &filter.state).append_pair("after", &last.to_string());
    format!("/accounts?{}", query.finish())
}

/// What the address of the list asks for.
fn filter_of(address: &str) -> store::Filter {
    store::Filter {
        words: asked(address, "q"),
        state: asked(address, "state"),
        after: asked(address, "after").parse().ok(),
        limit: store::PAGE,
    }
}

/// GET /accounts.
pub(in crate::account) async fn list(visit: Visit) -> Answer {
    visit.core().authz.check(&visit.cx.actor, "system.accounts", &model::system())?;
    let filter = filter_of(&visit.path);
    let (found, more) = store::list(&visit.cx, &filter).await?;
    let mut rows = Vec::new();
    for (account, holder) in &found {
        let thing = store::thing(visit.cx.db(), account.id, visit.cx.now()).await?;
        if !visit.cx.may("account.view", &thing) {
            continue;
        }
        rows.push(ui::Row::new(vec![
            html! { a .govuk-link href={ "/accounts/" (account.id) } { (holder.name) } },
            html! { (holder.address()) },
            html! { @for text in roles_of(&visit.cx, account.id).await? { (text) br; } },
            state(account, &visit),
        ]));
    }
    let heads = [t!("account-name"), t!("account-email"), t!("account-roles"), t!("account-state")];
    let columns: Vec<ui::Column<'_>> = heads.iter().map(|h| ui::Column::new(h)).collect();
    let (title, invite) = (t!("nav-accounts"), t!("account-invite"));
    let next = found.last().filter(|_| more).map(|(last, _)| following(&filter, last.id));
    let (label, hint) = (t!("account-find"), t!("account-find-hint"));
    let kept = [("state", filter.state.as_str())];
    let search = ui::Search { action: "/accounts", label: &label, hint: Some(&hint), typed: &filter.words, kept: &kept };
    let first = filter.after.is_some().then_some("/accounts");
    Ok(visit.page(&title).active("/accounts").wide().body(&html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (title) }
            @if may_invite(&visit) { (ui::link_button(ui::Link::new(&invite, "/accounts/invite"), ui::ButtonKind::Primary)) }
        }
        (ui::search(&words, &search))
        (states(&filter))
        @if rows.is_empty() { (ui::empty_state(&t!("account-none"), &t!("account-none-text"), None)) } @else {
            (ui::table(&ui::Table { caption: &title, caption_shown: false, columns: &columns, stack: true }, &rows))
        }
        (ui::pager(&words, &ui::Pager { first, previous: None, next: next.as_deref() }))
        @if !rows.is_empty() { (sheets::button(&visit, &LIST)) }
    }))
}

fn states(filter: &store::Filter) -> Markup {
    let all: Vec<(String, String, bool)> = ["", "active", "invited", "closed"]
        .iter()
        .map(|state| {
            let text = if state.is_empty() { t!("account-state-all") } else { t!(&format!("account-state-{state}")) };
            let href: String =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("q", &filter.words).append_pair("state", state).finish();
            (text, format!("/accounts?{href}"), filter.state == *state)
        })
        .collect();
    let links: Vec<ui::FilterLink<'_>> =
        all.iter().map(|(text, href, on)| ui::FilterLink { link: ui::Link::new(text, href), count: None, on: *on }).collect();
    let title = t!("account-state");
    ui::filters(&words, &[ui::FilterGroup { title: &title, links: &links }])
}

/// Whether the actor may let anybody in: into its own party at least.
fn may_invite(visit: &Visit) -> bool {
    let Some(actor) = visit.cx.actor.account() else { return false };
    let role = model::roles(actor.side)[0];
    visit.cx.may("membership.add", &model::membership_thing(Uuid::nil(), Uuid::nil(), actor.party, actor.side, role))
}

async fn roles_of(cx: &Cx, account: Uuid) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for one in store::memberships(cx.db(), account).await?.iter().filter(|m| m.stands(cx.now())) {
        if cx.may("membership.view", &store::membership_thing(cx, one).await?) {
            texts.push(store::called(cx, one).await?);
        }
    }
    Ok(texts)
}

/// GET /accounts/{id}.
pub(in crate::account) async fn page(visit: Visit, Path(account): Path<String>) -> Answer {
    let (account, holder) = seen(&visit, &account).await?;
    let clock = &visit.core().clock;
    let texts = [t!("account-email"), t!("account-state"), t!("account-since"), t!("account-ends")];
    let since = clock.day_text(account.made_at);
    let ends = account.ends_on.clone().unwrap_or_else(|| t!("account-ends-never"));
    let facts = [
        ui::Fact::text(&texts[0], holder.address()),
        ui::Fact::new(&texts[1], state(&account, &visit)),
        ui::Fact::text(&texts[2], &since),
        ui::Fact::text(&texts[3], &ends),
    ];
    let roles = roles(&visit, &account).await?;
    let acts = acts(&visit, &account).await?;
    Ok(visit.page(&holder.name).active("/accounts").crumb(&t!("nav-accounts"), "/accounts").wide().body(&html! {
        h1 .govuk-heading-l { (holder.name) }
        (ui::summary_list(&facts, false))
        (roles)
        (acts)
    }))
}

async fn roles(visit: &Visit, account: &account::Model) -> Result<Markup> {
    let clock = &visit.core().clock;
    let mut rows = Vec::new();
    for one in store::memberships(visit.cx.db(), account.id).await? {
        let thing = store::membership_thing(&visit.cx, &one).await?;
        if !visit.cx.may("membership.view", &thing) {
            continue;
        }
        let party = store::face(&visit.cx, one.party).await?.name;
        let end = if one.is_open(visit.cx.now()) && visit.cx.may("membership.end", &thing) {
            let text = t!("account-role-end");
            let button = ui::named_button(&text, ui::ButtonKind::Quiet, "end", "yes", Some(&role(&one.role)));
            form(visit, &format!("/accounts/{}/memberships/{}/end", account.id, one.id), Some(one.version), button)?
        } else {
            html! {}
        };
        rows.push(ui::Row::new(vec![
            html! { @match store::stands_for(&visit.cx, &one).await? { None => (role(&one.role)), Some((_, name)) => (t!("account-role-for", role = role(&one.role), name = name)) } },
            html! { (party) },
            html! { (clock.day_text(one.since)) },
            html! { @if let Some(until) = one.until { (clock.day_text(until)) } },
            end,
        ]));
    }
    let heads = [t!("account-role"), t!("account-party"), t!("account-since"), t!("account-until"), t!("account-session-do")];
    let columns: Vec<ui::Column<'_>> = heads.iter().map(|h| ui::Column::new(h)).collect();
    let caption = t!("account-roles");
    Ok(ui::table(&ui::Table { caption: &caption, caption_shown: true, columns: &columns, stack: true }, &rows))
}

async fn acts(visit: &Visit, account: &account::Model) -> Result<Markup> {
    let thing = store::thing(visit.cx.db(), account.id, visit.cx.now()).await?;
    let may = |action| visit.cx.may(action, &thing);
    let at = |what: &str| format!("/accounts/{}/{what}", account.id);
    let open = account.state != "closed";
    let mut forms = Vec::new();
    if account.state == "invited" && may("account.invite_again") {
        forms.push(form(visit, &at("invite-again"), None, ui::button(&t!("account-invite-again"), ui::ButtonKind::Secondary))?);
    }
    if account.totp.is_some() && may("account.take_second_factor") {
        forms.push(form(visit, &at("second-factor/off"), None, ui::button(&t!("account-take-second-factor"), ui::ButtonKind::Secondary))?);
    }
    if open && may("account.close") {
        let inner = ui::button(&t!("account-close"), ui::ButtonKind::Warning);
        forms.push(form(visit, &at("close"), Some(account.version), inner)?);
    }
    let (hand_over, href) = (t!("account-hand-over"), at("hand-over"));
    Ok(html! {
        @if may("account.hand_over") { p .govuk-body { a .govuk-link href=(href) { (hand_over) } } }
        (ui::button_group(html! { @for one in &forms { (one) } }))
    })
}

/// The parties and roles that the actor can choose from.
async fn offers(visit: &Visit) -> Result<(Vec<(String, String)>, Vec<&'static str>)> {
    let actor = visit.cx.actor.signed_in()?;
    if actor.role == "administrator" {
        let parties = crate::party::store::all(visit.cx.db()).await?.into_iter().map(|(id, name, _)| (id.to_string(), name)).collect();
        return Ok((parties, AUTHORITY_ROLES.into_iter().chain(SUPPLIER_ROLES).collect()));
    }
    Ok((vec![(actor.party.to_string(), actor.party_name.clone())], SUPPLIER_ROLES.to_vec()))
}

/// GET /accounts/invite.
pub(in crate::account) async fn invite_page(visit: Visit) -> Answer {
    draw_invite(&visit, &Fields::default(), &FieldErrors::default()).await
}

async fn draw_invite(visit: &Visit, fields: &Fields, errors: &FieldErrors) -> Answer {
    let actor = visit.cx.actor.signed_in()?;
    let example = model::membership_thing(Uuid::nil(), Uuid::nil(), actor.party, actor.side, model::roles(actor.side)[0]);
    visit.core().authz.check(&visit.cx.actor, "membership.add", &example)?;
    let (parties, codes) = offers(visit).await?;
    let named: Vec<(&str, String)> = codes.iter().map(|code| (*code, role(code))).collect();
    let parties: Vec<ui::Choice<'_>> = parties.iter().map(|(id, name)| ui::Choice::new(id, name)).collect();
    let roles: Vec<ui::Choice<'_>> = named.iter().map(|(code, name)| ui::Choice::new(code, name)).collect();
    let labels =
        [t!("account-email"), t!("account-name"), t!("account-party"), t!("account-role"), t!("account-ends"), t!("account-read-only-ask")];
    let (name_hint, ends_hint) = (t!("account-name-hint"), t!("account-ends-hint"));
    let wrong: Vec<Option<String>> = ["email", "name", "party", "role", "ends_on"].iter().map(|n| said(errors, n)).collect();
    let email = ui::Input { kind: ui::InputKind::Email, value: fields.get("email"), ..ui::Input::default() };
    let name = ui::Input { value: fields.get("name"), ..ui::Input::default() };
    let one = (parties.len() == 1).then(|| parties[0].value);
    let chosen = fields.some("party").or(one);
    let ends = [fields.get("ends_on.day"), fields.get("ends_on.month"), fields.get("ends_on.year")];
    let inner = html! {
        (ui::input(&words, &ui::Field::new("email", &labels[0]).error(wrong[0].as_deref()), &email))
        (ui::input(&words, &ui::Field::new("name", &labels[1]).hint(Some(&name_hint)).error(wrong[1].as_deref()), &name))
        (ui::select(&words, &ui::Field::new("party", &labels[2]).error(wrong[2].as_deref()), &parties, chosen, parties.len() > 10))
        (ui::select(&words, &ui::Field::new("role", &labels[3]).error(wrong[3].as_deref()), &roles, fields.some("role"), false))
        @if actor.role == "administrator" {
            (ui::date_input(&words, &ui::Field::new("ends_on", &labels[4]).hint(Some(&ends_hint)).error(wrong[4].as_deref()).optional(true), ends))
            (ui::single_checkbox(&words, &ui::Field::new("read_only", &labels[5]), &ui::Check { value: "yes", checked: fields.has("read_only"), small: false }))
        }
        (ui::button(&t!("account-invite-send"), ui::ButtonKind::Primary))
    };
    let title = t!("account-invite");
    let body = html! { h1 .govuk-heading-l { (title) } (form(visit, "/accounts/invite", None, inner)?) };
    Ok(visit.page(&title).errors(errors).active("/accounts").crumb(&t!("nav-accounts"), "/accounts").body(&body))
}

/// POST /accounts/invite.
pub(in crate::account) async fn invite(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    let mut errors = FieldErrors::default();
    let email = fields.required(&mut errors, "email", "account-email-missing", model::LONGEST);
    fields.required(&mut errors, "party", "account-party-missing", 40);
    let role = fields.required(&mut errors, "role", "account-role-missing", 40);
    let ends_on = ends_on(&fields, &mut errors);
    if !errors.is_empty() {
        return draw_invite(&visit, &fields, &errors).await;
    }
    let administrator = visit.cx.actor.role() == Some("administrator");
    let invite = Invite {
        email,
        name: fields.get("name").to_owned(),
        party: id(fields.get("party"))?,
        role,
        read_only: administrator && fields.has("read_only"),
        ends_on: ends_on.filter(|_| administrator),
    };
    match act::invite(&visit.cx, &invite).await {
        Ok(account) => Ok(see_other(&format!("/accounts/{account}"))),
        Err(Error::Invalid(errors)) => draw_invite(&visit, &fields, &errors).await,
        Err(error) => Err(error),
    }
}

fn ends_on(fields: &Fields, errors: &mut FieldErrors) -> Option<String> {
    let parts = ["ends_on.day", "ends_on.month", "ends_on.year"].map(|name| fields.get(name));
    if parts.iter().all(|p| p.is_empty()) {
        return None;
    }
    let date = || jiff::civil::Date::new(parts[2].parse().ok()?, parts[1].parse().ok()?, parts[0].parse().ok()?).ok();
    let date = date();
    if date.is_none() {
        errors.add("ends_on", platform::texts::Text::new("account-ends-wrong"));
    }
    date.map(|d| d.to_string())
}

/// POST /accounts/{id}/invite-again.
pub(in crate::account) async fn invite_again(Path(account): Path<String>, posted: Posted) -> Answer {
    act::invite_again(&posted.visit.cx, id(&account)?).await?;
    Ok(see_other(&format!("/accounts/{account}")))
}

/// POST /accounts/{id}/close.
pub(in crate::account) async fn close(Path(account): Path<String>, posted: Posted) -> Answer {
    act::close(&posted.visit.cx, id(&account)?, posted.fields.version()?).await?;
    Ok(see_other(&format!("/accounts/{account}")))
}

/// POST /accounts/{id}/second-factor/off.
pub(in crate::account) async fn second_off(Path(account): Path<String>, posted: Posted) -> Answer {
    act::take_second_factor(&posted.visit.cx, id(&account)?).await?;
    Ok(see_other(&format!("/accounts/{account}")))
}

/// POST /accounts/{id}/memberships/{membership}/end.
pub(in crate::account) async fn end_membership(Path((account, membership)): Path<(String, String)>, posted: Posted) -> Answer {
    act::end_membership(&posted.visit.cx, id(&account)?, id(&membership)?, posted.fields.version()?).await?;
    Ok(see_other(&format!("/accounts/{account}")))
}

/// GET /accounts/{id}/hand-over.
pub(in crate::account) async fn hand_over_page(visit: Visit, Path(account): Path<String>) -> Answer {
    draw_hand_over(&visit, &account, &FieldErrors::default()).await
}

async fn draw_hand_over(visit: &Visit, account: &str, errors: &FieldErrors) -> Answer {
    let (account, holder) = seen(visit, account).await?;
    let thing = store::thing(visit.cx.db(), account.id, visit.cx.now()).await?;
    visit.core().authz.check(&visit.cx.actor, "account.hand_over", &thing)?;
    let mut owned = Vec::new();
    for owner in &visit.core().owners {
        owned.extend((owner.owned)(&visit.cx, account.id).await?);
    }
    let parties: Vec<Uuid> = store::memberships(visit.cx.db(), account.id).await?.into_iter().map(|m| m.party).collect();
    let others = store::colleagues(&visit.cx, &parties, account.id).await?;
    let names = holder::all(visit.core(), visit.cx.db(), &others).await?;
    let mut others: Vec<(String, String)> = names.into_iter().map(|(id, holder)| (id.to_string(), holder.name)).collect();
    others.sort_by_cached_key(|(_, name)| fold(name));
    let choices: Vec<ui::Choice<'_>> = others.iter().map(|(id, name)| ui::Choice::new(id, name)).collect();
    let (label, wrong) = (t!("account-hand-over-to"), said(errors, "to"));
    let inner = html! {
        (ui::select(&words, &ui::Field::new("to", &label).error(wrong.as_deref()), &choices, None, false))
        (ui::button(&t!("account-hand-over-do"), ui::ButtonKind::Primary))
    };
    let (title, at) = (t!("account-hand-over-of", name = &holder.name), format!("/accounts/{}", account.id));
    let body = html! {
        h1 .govuk-heading-l { (title) }
        @if owned.is_empty() { (ui::empty_state(&t!("account-hand-over-none"), &t!("account-hand-over-none-text"), None)) } @else {
            p .govuk-body { (t!("account-hand-over-what")) }
            ul .govuk-list .govuk-list--bullet {
                @for one in &owned { li { @if let Some(href) = &one.href { a .govuk-link href=(href) { (one.title) } } @else { (one.title) } } }
            }
            (form(visit, &format!("{at}/hand-over"), None, inner)?)
        }
    };
    Ok(visit.page(&title).errors(errors).active("/accounts").crumb(&t!("nav-accounts"), "/accounts").crumb(&holder.name, &at).body(&body))
}

/// POST /accounts/{id}/hand-over.
pub(in crate::account) async fn hand_over(Path(account): Path<String>, posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    let to = id(fields.get("to")).unwrap_or_default();
    match act::hand_over(&visit.cx, id(&account)?, to).await {
        Ok(_) => Ok(see_other(&format!("/accounts/{account}"))),
        Err(Error::Invalid(errors)) => draw_hand_over(&visit, &account, &errors).await,
        Err(error) => Err(error),
    }
}
