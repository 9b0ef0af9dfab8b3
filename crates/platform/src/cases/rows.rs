//! The tables of the engine, as rows. Only the modules beside this one query them.

/// A case.
pub mod case_file {
    use sea_orm::entity::prelude::*;

    /// What every case has.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_file")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Its kind, by code.
        pub kind: String,
        /// `OFF-2026-000001`; none before the first submission.
        pub reference: Option<String>,
        /// The year of the reference, in the authority's zone.
        pub year: Option<i32>,
        /// The number of the reference within kind and year, from 1.
        pub number: Option<i64>,
        /// The stage, by code.
        pub stage: String,
        /// What it is about, in its author's words.
        pub title: String,
        /// Reference, title, party and contract folded, for searching.
        pub search_key: String,
        /// The party that it is about.
        pub party: Uuid,
        /// The contract.
        pub contract: Option<Uuid>,
        /// The party's place in the contract's chain.
        pub place: Option<Uuid>,
        /// The account that has taken it on; none while it waits for whoever has the role.
        pub owner: Option<Uuid>,
        /// The rating, by code, once assessed.
        pub rating: Option<String>,
        /// When the present stage should be left.
        pub due: Option<i64>,
        /// The round, from 1; each return begins another.
        pub round: i32,
        /// The pack whose form it answers; blank, as edition and form are, of a kind that answers none.
        pub pack: String,
        /// The pack's edition.
        pub edition: String,
        /// The form, by code.
        pub form: String,
        /// Guards against lost updates.
        pub version: i32,
        /// When it was begun.
        pub made_at: i64,
        /// By which account; nil for the service itself.
        pub made_by: Uuid,
        /// When it came to its stage.
        pub moved_at: i64,
        /// When it was first submitted.
        pub submitted_at: Option<i64>,
        /// By which account it was last submitted.
        pub submitted_by: Option<Uuid>,
        /// When it was closed.
        pub closed_at: Option<i64>,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was handed in.
pub mod submission {
    use sea_orm::entity::prelude::*;

    /// One round's frozen document.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "submission")]
    pub struct Model {
        /// The case.
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        /// The round, from 1.
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        /// SHA-256 of the document, in hexadecimal.
        pub digest: String,
        /// The document, sealed with the case's key.
        pub document: Vec<u8>,
        /// The pack's edition that it answers.
        pub edition: String,
        /// When.
        pub at: i64,
        /// By which account.
        pub by: Uuid,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was decided.
pub mod decision {
    use sea_orm::entity::prelude::*;

    /// One person's choice at one level of one round.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "decision")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The case.
        pub case: Uuid,
        /// The round.
        pub round: i32,
        /// What was decided: the step's code.
        pub level: String,
        /// By which account.
        pub actor: Uuid,
        /// In whose place, if not as itself.
        pub acts_for: Option<Uuid>,
        /// The choice, by code.
        pub choice: String,
        /// Why, in its words; sealed.
        pub reason: Option<Vec<u8>>,
        /// What it rests on, as JSON of ids and codes.
        pub about: Option<String>,
        /// When.
        pub at: i64,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a return asks for.
pub mod return_point {
    use sea_orm::entity::prelude::*;

    /// One point, tied to a question where it is about one.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "return_point")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The case.
        pub case: Uuid,
        /// The round that was returned.
        pub round: i32,
        /// Its place among the points, from 1.
        pub position: i32,
        /// The section of the question.
        pub section: Option<String>,
        /// The question; none for a point about the whole.
        pub question: Option<String>,
        /// What to mend; sealed.
        pub text: Vec<u8>,
        /// When.
        pub at: i64,
        /// By which account.
        pub by: Uuid,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was said.
pub mod case_message {
    use sea_orm::entity::prelude::*;

    /// One message of the thread.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_message")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The case.
        pub case: Uuid,
        /// A note of the authority's that the supplier never sees.
        pub internal: bool,
        /// What it says; sealed.
        pub body: Vec<u8>,
        /// Why it tells data about people, where whoever wrote it said that it must; sealed.
        pub essential: Option<Vec<u8>>,
        /// When.
        pub at: i64,
        /// By which account.
        pub account: Uuid,
        /// For which party.
        pub party: Uuid,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What someone must do.
pub mod case_task {
    use sea_orm::entity::prelude::*;

    /// One task.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_task")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The case.
        pub case: Uuid,
        /// What to do; sealed.
        pub title: Vec<u8>,
        /// More about it; sealed.
        pub detail: Option<Vec<u8>>,
        /// Which side must do it: `authority` or `supplier`. A supplier sees its own side's only.
        pub side: String,
        /// The role that must do it.
        pub owner_role: Option<String>,
        /// The account that must do it.
        pub owner: Option<Uuid>,
        /// By when (ISO date).
        pub due: Option<String>,
        /// When it was set.
        pub made_at: i64,
        /// By which account.
        pub made_by: Uuid,
        /// When it was done.
        pub done_at: Option<i64>,
        /// By which account.
        pub done_by: Option<Uuid>,
        /// What was done; sealed.
        pub note: Option<Vec<u8>>,
        /// What it is for, by code.
        pub kind: String,
        /// What it comes from: the id of a control.
        pub source: Option<String>,
        /// Whether the authority checks that it was done.
        pub checks: bool,
        /// When it was checked and found done.
        pub checked_at: Option<i64>,
        /// By which account it was last checked.
        pub checked_by: Option<Uuid>,
        /// What was lacking when it was last checked; sealed.
        pub lacks: Option<Vec<u8>>,
        /// When it was no longer asked for.
        pub dropped_at: Option<i64>,
        /// Guards against lost updates.
        pub version: i32,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How cases hang together.
pub mod case_link {
    use sea_orm::entity::prelude::*;

    /// One link.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_link")]
    pub struct Model {
        /// The case that links.
        #[sea_orm(primary_key, auto_increment = false)]
        pub a: Uuid,
        /// The case that it links to.
        #[sea_orm(primary_key, auto_increment = false)]
        pub b: Uuid,
        /// What the link means, by code: `replaces`, `needs`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        /// When.
        pub at: i64,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
