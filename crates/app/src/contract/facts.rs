//! What the packs on a contract ask about it: their questions as a form, and the table of answers. Part of this feature's store.
//!
//! Which facts there are, the packs say; no code knows one from another. A fact has three values: what nobody answered is not known, and
//! so is what somebody answered with "not known".

use std::collections::BTreeMap;

use platform::{Error, Result, t};
use rules::condition::{Condition, NOT_KNOWN};
use rules::form::{Answers, Form, Question, QuestionType, Section};
use rules::pack::{ContractFact, FactType, Pack};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, DatabaseTransaction};
use serde_json::Value;

/// The answers to the questions of one pack.
pub mod fact_row {
    use sea_orm::entity::prelude::*;

    /// One pack's facts of one contract.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contract_fact")]
    pub struct Model {
        /// The contract.
        #[sea_orm(primary_key, auto_increment = false)]
        pub contract: Uuid,
        /// The pack.
        #[sea_orm(primary_key, auto_increment = false)]
        pub pack: String,
        /// The answers by fact, as a JSON object.
        pub answers: String,
        /// Who recorded them.
        pub set_by: String,
        /// When.
        pub set_at: i64,
        /// Guards against lost updates.
        pub version: i32,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use fact_row as rows;

/// Facts by their ids, as conditions read them.
pub type Facts = BTreeMap<String, Value>;

/// What is known of a contract, as one of its packs asks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// What is known, by fact; what nobody knows is absent.
    pub answers: Facts,
    /// When it was recorded.
    pub set_at: Option<i64>,
    /// Guards against lost updates; 0 while nothing is recorded.
    pub version: i32,
}

impl Known {
    /// The answers to the form of `pack`. A yes or no that is not known is answered so.
    pub fn sheet(&self, pack: &Pack) -> Answers {
        let mut sheet = Answers::new();
        for fact in &pack.contract_facts {
            let unknown = if fact.kind == FactType::YesNo { NOT_KNOWN.into() } else { Value::Null };
            sheet.set(asked(pack, &fact.id), self.answers.get(&fact.id).cloned().unwrap_or(unknown));
        }
        sheet
    }
}

/// The id under which the form asks for a fact: two packs may call different things by one id.
fn asked(pack: &Pack, fact: &str) -> String {
    format!("{}_{fact}", pack.pack)
}

/// The facts in the answers to the form of `pack`.
pub fn of_sheet(pack: &Pack, sheet: &Answers) -> Facts {
    let found = pack.contract_facts.iter().filter_map(|fact| Some((fact.id.clone(), sheet.get(&asked(pack, &fact.id))?.clone())));
    found.collect()
}

/// Changed facts as the record keeps them: in the wording that was asked, yes and no in words.
pub(super) fn told(pack: &Pack, changes: &Value) -> Value {
    let title = |id: &String| pack.contract_facts.iter().find(|fact| fact.id == *id).map_or_else(|| id.clone(), |fact| fact.title.clone());
    let says = |value: &Value| match value {
        Value::Bool(yes) => Value::String(if *yes { t!("answering-yes") } else { t!("answering-no") }),
        Value::Null => Value::String(t!("answering-unknown")),
        other => other.clone(),
    };
    let pair = |pair: &Value| pair.as_array().map(|pair| pair.iter().map(says).collect::<Value>()).unwrap_or_default();
    changes.as_object().into_iter().flatten().map(|(id, changed)| (title(id), pair(changed))).collect()
}

/// Those of the answers that say something about a fact of `pack`.
pub(super) fn said(pack: &Pack, answers: &Facts) -> Facts {
    let of = |fact: &ContractFact| Some((fact.id.clone(), answers.get(&fact.id).filter(|value| **value != NOT_KNOWN)?.clone()));
    pack.contract_facts.iter().filter_map(of).collect()
}

/// What a pack asks about a contract, as a form with one section of the pack's id.
pub fn form(pack: &Pack) -> Form {
    form_with(pack, &|fact| asked(pack, fact))
}

/// The condition of a duty in words.
pub fn in_words(pack: &Pack, condition: &Condition) -> String {
    platform::forms::condition_in_words(&form_with(pack, &str::to_owned), condition)
}

fn form_with(pack: &Pack, id: &dyn Fn(&str) -> String) -> Form {
    let section = Section {
        id: pack.pack.clone(),
        title: pack.title.clone(),
        help: None,
        when: None,
        source: Vec::new(),
        questions: pack.contract_facts.iter().map(|fact| question(id(&fact.id), fact)).collect(),
    };
    Form {
        form: "contract_facts".to_owned(),
        title: pack.title.clone(),
        intro: String::new(),
        minutes: 1,
        have_ready: Vec::new(),
        marking: None,
        read_by: String::new(),
        after: String::new(),
        source: Vec::new(),
        sections: vec![section],
    }
}

fn question(id: String, fact: &ContractFact) -> Question {
    let (kind, allow_unknown) = match fact.kind {
        FactType::YesNo => (QuestionType::YesNo, true),
        FactType::Number => (QuestionType::Number, false),
        FactType::Text => (QuestionType::Text, false),
        FactType::Date => (QuestionType::Date, false),
    };
    Question {
        id,
        kind,
        label: fact.title.clone(),
        hint: None,
        required: kind == QuestionType::YesNo,
        sensitive: false,
        when: None,
        max_length: None,
        min: None,
        max: None,
        integer: false,
        allow_unknown,
        options: Vec::new(),
        refuse: None,
        country: None,
        source: Vec::new(),
        item: None,
        max_words: None,
        must: None,
        formats: Vec::new(),
        max_mib: None,
        at_least: None,
        min_items: None,
        max_items: None,
        questions: Vec::new(),
    }
}

/// What is known of a contract, by pack.
///
/// # Errors
/// When the database fails.
pub async fn known(db: &impl ConnectionTrait, contract: Uuid) -> Result<BTreeMap<String, Known>> {
    let found = rows::Entity::find().filter(rows::Column::Contract.eq(contract)).all(db).await?;
    let read = |row: rows::Model| -> Result<_> {
        let answers = serde_json::from_str(&row.answers)?;
        Ok((row.pack, Known { answers, set_at: Some(row.set_at), version: row.version }))
    };
    found.into_iter().map(read).collect()
}

/// Saves facts over version `row.version` of them.
pub(super) async fn save(tx: &DatabaseTransaction, row: rows::Model) -> Result<()> {
    let version = row.version;
    let (contract, pack) = (row.contract, row.pack.clone());
    let mut new = sea_orm::ActiveModelTrait::reset_all(rows::ActiveModel::from(row));
    new.version = ActiveValue::Set(version + 1);
    let done = if version == 0 {
        let keep = OnConflict::columns([rows::Column::Contract, rows::Column::Pack]).do_nothing().to_owned();
        rows::Entity::insert(new).on_conflict(keep).exec_without_returning(tx).await?
    } else {
        let mut update = rows::Entity::update_many().set(new);
        update = update.filter(rows::Column::Contract.eq(contract)).filter(rows::Column::Pack.eq(pack));
        update.filter(rows::Column::Version.eq(version)).exec(tx).await?.rows_affected
    };
    if done == 1 { Ok(()) } else { Err(stale()) }
}

pub(super) fn stale() -> Error {
    Error::Stale(platform::texts::Text::new("contract-facts-stale"))
}
