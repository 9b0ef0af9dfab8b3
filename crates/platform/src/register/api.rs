//! The API that all registers share: list, one record, its history, a new one, a change. A feature says in [`Records`] what differs, which
//! its pages go by as well.

use std::future::Future;
use std::str::FromStr;

use sea_orm::{Condition, EntityTrait, ModelTrait};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use uuid::Uuid;

use super::ask::{Ask, cursor};
use super::field::{Field, Kind, Register};
use super::form::{Entered, Picks};
use super::history::{Moment, moments};
use super::list::page;
use crate::api::{Api, Area, Call, Listed, Op, Param, Takes, field_schema, nullable, object};
use crate::authz::{Actor, Guarded};
use crate::cx::Cx;
use crate::error::{Error, FieldErrors, Result};
use crate::texts::Text;
use crate::web::Answer;

/// The row of a register's table.
type RowOf<R> = <<R as Records>::Entity as EntityTrait>::Model;

/// A register as its feature keeps it.
pub trait Records: Sized + Send + Sync + 'static {
    /// Its fields.
    const REGISTER: &'static Register;
    /// The name of a record's schema: `Site`.
    const NAME: &'static str;
    /// The actions that view and change one.
    const ACTIONS: [&'static str; 2];
    /// Fields that are settled when a record is made.
    const SETTLED: &'static [&'static str] = &[];
    /// Its table.
    type Entity: EntityTrait<Column: FromStr, Model: ModelTrait + Send + Sync>;
    /// A record as policies are asked about it.
    type Thing: Guarded + Send + Sync;
    /// What a change is made of.
    type Details: DeserializeOwned + Send;

    /// The rows that the actor may view.
    fn visible(actor: &Actor) -> Condition;
    /// Rows as things.
    fn things(cx: &Cx, rows: Vec<RowOf<Self>>) -> impl Future<Output = Result<Vec<Self::Thing>>> + Send;
    /// One of them.
    fn get(cx: &Cx, id: Uuid) -> impl Future<Output = Result<Self::Thing>> + Send;
    /// Its id and version.
    fn stamp(thing: &Self::Thing) -> (Uuid, i32);
    /// Its values, by field.
    ///
    /// # Errors
    /// Never, for values of ours.
    fn record(thing: &Self::Thing) -> Result<Value>;
    /// The fields that are kept from this reader.
    fn kept(cx: &Cx, thing: &Self::Thing) -> &'static [&'static str];
    /// Whether this reader reads who did what.
    fn tells_history(cx: &Cx, thing: &Self::Thing) -> bool;
    /// What may be picked when this record is changed.
    fn picks(cx: &Cx, of: &Self::Thing) -> impl Future<Output = Result<Picks>> + Send;
    /// Changes a record as it stood at `version`.
    fn change(cx: &Cx, id: Uuid, version: i32, details: Self::Details) -> impl Future<Output = Result<()>> + Send;
}

/// A register whose records people enter as they are.
pub trait Enters: Records {
    /// The action that adds one.
    const ADD: &'static str;
    /// What a new record is made of.
    type New: DeserializeOwned + Send;

    /// A record that the actor might add, with the values of what the form does not ask.
    ///
    /// # Errors
    /// When the actor is nobody who could.
    fn blank(cx: &Cx) -> Result<(Self::Thing, Value)>;
    /// What may be picked of a new record.
    fn picks_of_new(cx: &Cx) -> impl Future<Output = Result<Picks>> + Send;
    /// Enters a record; its id.
    fn add(cx: &Cx, new: Self::New) -> impl Future<Output = Result<Uuid>> + Send;
}

fn says(of: &'static Register, what: &str) -> Text {
    Text::new(format!("api-register-{what}")).with("register", of.says("list-title"))
}

/// All routes of a register for programs.
pub fn api<R: Enters>() -> Api {
    let (of, id) = (R::REGISTER, R::REGISTER.path.trim_start_matches('/'));
    let new = Op::post(format!("{id}.add"), at::<R>(), Area::Registers).says(says(of, "add"));
    let new = new.takes_schema(&format!("New{}", R::NAME), || asked(of, &[], true)).answers_schema(R::NAME, || shape(of)).makes();
    kept::<R>().add(new, add::<R>)
}

/// The routes of a register whose records come about otherwise than by being entered.
pub fn kept<R: Records>() -> Api {
    let (of, id) = (R::REGISTER, R::REGISTER.path.trim_start_matches('/'));
    let (one, change) = (R::NAME.to_owned(), format!("{}Change", R::NAME));
    let shape = move || shape(of);
    let says = |what: &str| says(of, what);
    let list_at = at::<R>();
    let one_at = format!("{list_at}/{{id}}");
    Api::new()
        .add(
            Op::get(format!("{id}.list"), list_at.as_str(), Area::Registers).says(says("list")).queries(queries(of)).lists(&one, shape),
            list::<R>,
        )
        .add(Op::get(format!("{id}.one"), one_at.as_str(), Area::Registers).says(says("one")).answers_schema(&one, shape), read::<R>)
        .add(
            Op::get(format!("{id}.history"), format!("{one_at}/history"), Area::Registers).says(says("history")).all_of::<Moment>(),
            history::<R>,
        )
        .add(
            Op::patch(format!("{id}.change"), one_at.as_str(), Area::Registers)
                .says(says("change"))
                .takes_schema(&change, || asked(of, R::SETTLED, false))
                .answers_schema(&one, shape),
            change_one::<R>,
        )
}

/// The address of the list for programs.
fn at<R: Records>() -> String {
    format!("/api/v1{}", R::REGISTER.path)
}

fn string(format: KnownFormat) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format))).build().into()
}

/// A record as it is read. What is kept from a reader is absent.
pub fn shape(of: &Register) -> RefOr<Schema> {
    let version = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build().into();
    let mut all = vec![("id".to_owned(), string(KnownFormat::Uuid), true), ("version".to_owned(), version, true)];
    for field in of.fields {
        all.push((field.name.to_owned(), field_schema(field, false), false));
        if let Kind::Money(currency) = field.kind {
            let code = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[A-Z]{3}$")).build().into();
            all.push((currency.to_owned(), nullable(code), false));
        }
    }
    object(all, false)
}

/// A record as it is sent: whole when it is new, else the fields that change.
fn asked(of: &Register, but: &[&str], whole: bool) -> RefOr<Schema> {
    let fields = of.fields.iter().filter(|f| f.in_form && !but.contains(&f.name));
    // Who adds for its own party says nothing of whose it is.
    let must = |f: &Field| whole && f.is_required && f.kind != Kind::Pick;
    object(fields.map(|f| (f.name.to_owned(), field_schema(f, true), must(f))), true)
}

/// What is sent of a table of fields that is no register of its own.
pub fn sent_schema(of: &Register) -> RefOr<Schema> {
    asked(of, &[], true)
}

fn queries(of: &Register) -> Vec<Param> {
    let mut all = vec![Param::new("q", Takes::Text(100))];
    let sorts: Vec<String> =
        of.fields.iter().filter(|f| f.sorts.is_some()).flat_map(|f| [f.name.to_owned(), format!("-{}", f.name)]).collect();
    all.push(Param::new("sort", Takes::Code(sorts)));
    for field in of.fields.iter().filter(|f| f.in_filter) {
        let takes = match field.kind {
            Kind::Choice(codes) | Kind::Choices(codes) => Takes::Code(codes.iter().map(|c| (*c).to_owned()).collect()),
            Kind::Country => Takes::Country,
            Kind::Pick => Takes::Id,
            _ => Takes::Text(field.most),
        };
        all.push(Param::new(field.name, takes));
    }
    all
}

async fn list<R: Records>(call: Call) -> Answer {
    let cx = &call.cx;
    let mut ask = Ask::read(R::REGISTER, &call.visit.path);
    ask.begin(call.after(cursor)?);
    let (rows, after) = page::<R::Entity>(cx.db(), R::REGISTER, &ask, R::visible(&cx.actor), call.limit()).await?;
    let things = R::things(cx, rows).await?;
    let seen = things.iter().filter(|thing| cx.may(R::ACTIONS[0], *thing));
    let items = seen.map(|thing| shown::<R>(cx, thing)).collect::<Result<Vec<_>>>()?;
    call.listed(&Listed { items, after })
}

/// A record as this reader reads it.
pub fn shown<R: Records>(cx: &Cx, thing: &R::Thing) -> Result<Value> {
    let (id, version) = R::stamp(thing);
    let (record, kept) = (R::record(thing)?, R::kept(cx, thing));
    let mut out = Map::from_iter([("id".to_owned(), json!(id)), ("version".to_owned(), json!(version))]);
    for field in R::REGISTER.fields.iter().filter(|f| !kept.contains(&f.name)) {
        out.insert(field.name.to_owned(), record[field.name].clone());
        if let Kind::Money(currency) = field.kind {
            out.insert(currency.to_owned(), record[currency].clone());
        }
    }
    Ok(Value::Object(out))
}

async fn viewed<R: Records>(call: &Call) -> Result<R::Thing> {
    let thing = R::get(&call.cx, call.id("id")?).await?;
    call.cx.permit(R::ACTIONS[0], &thing)?;
    Ok(thing)
}

async fn read<R: Records>(call: Call) -> Answer {
    let thing = viewed::<R>(&call).await?;
    call.found(&shown::<R>(&call.cx, &thing)?, Some(R::stamp(&thing).1))
}

async fn history<R: Records>(call: Call) -> Answer {
    let thing = viewed::<R>(&call).await?;
    if !R::tells_history(&call.cx, &thing) {
        return Err(Error::NotFound);
    }
    let items = moments(&call.cx, R::REGISTER, R::stamp(&thing).0).await?;
    call.listed(&Listed { items, after: None })
}

async fn add<R: Enters>(call: Call) -> Answer {
    let cx = &call.cx;
    let (blank, base) = R::blank(cx)?;
    cx.permit(R::ADD, &blank)?;
    let picks = R::picks_of_new(cx).await?;
    settled(R::REGISTER, call.sent(), &base, &picks)?;
    let currency = &cx.core().settings.authority.currency;
    let new: R::New = R::REGISTER.read(&Entered::sent(R::REGISTER, call.sent()), &base, &picks, currency)?;
    let id = R::add(cx, new).await?;
    let thing = R::get(cx, id).await?;
    call.made(&format!("{}/{id}", at::<R>()), &shown::<R>(cx, &thing)?, Some(R::stamp(&thing).1))
}

/// That what only others may pick is what it is anyway.
fn settled(of: &Register, sent: &Value, base: &Value, picks: &Picks) -> Result<()> {
    let mut errors = FieldErrors::default();
    for field in of.fields.iter().filter(|f| f.kind == Kind::Pick && !picks.contains_key(f.name)) {
        if !sent[field.name].is_null() && sent[field.name] != base[field.name] {
            errors.add(field.name, Text::new("register-choose-one"));
        }
    }
    errors.or(())
}

async fn change_one<R: Records>(call: Call) -> Answer {
    let cx = &call.cx;
    let id = call.id("id")?;
    let thing = R::get(cx, id).await?;
    cx.permit(R::ACTIONS[1], &thing)?;
    let version = call.version()?;
    let now = || async { shown::<R>(cx, &R::get(cx, id).await?) };
    if version != R::stamp(&thing).1 {
        // What was sent is no change of what stands now.
        let text = Text::new(R::REGISTER.message_id("stale"));
        return call.fresh(Err(Error::Stale(text)), now).await;
    }
    let (picks, currency) = (R::picks(cx, &thing).await?, &cx.core().settings.authority.currency);
    let sent = call.sent();
    let only = |field: &Field| sent.get(field.name).is_some();
    let details = R::REGISTER.read_some(&Entered::sent(R::REGISTER, sent), &R::record(&thing)?, &picks, currency, &only)?;
    call.fresh(R::change(cx, id, version, details).await, now).await?;
    let thing = R::get(cx, id).await?;
    call.made(&format!("{}/{id}", at::<R>()), &shown::<R>(cx, &thing)?, Some(R::stamp(&thing).1))
}
