//! The tables of notices.

use crate::cx::housekept;

/// What somebody was told.
pub mod notice {
    use sea_orm::entity::prelude::*;

    /// One notice to one account.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notice")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// What it tells whom: told once.
        pub key: String,
        /// Who is told.
        pub account: Uuid,
        /// What kind of telling it is.
        pub sort: String,
        /// The kind of the thing that it is about.
        pub kind: String,
        /// That thing.
        pub thing: Uuid,
        /// Sealed with the account's key.
        pub subject: Vec<u8>,
        /// Sealed with the account's key.
        pub text: Vec<u8>,
        /// Where it is read on.
        pub path: String,
        /// Whether it is one of those of which a person gets one mail a day.
        pub gathered: bool,
        /// When.
        pub made_at: i64,
        /// When it is to go out by mail; none for what stays on the page.
        pub send_at: Option<i64>,
        /// The job of the mail that it went out with.
        pub mail: Option<Uuid>,
        /// When that job was written.
        pub mailed_at: Option<i64>,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How somebody wants to be told of what.
pub mod chosen {
    use sea_orm::entity::prelude::*;

    /// One choice.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notice_choice")]
    pub struct Model {
        /// Who.
        #[sea_orm(primary_key, auto_increment = false)]
        pub account: Uuid,
        /// Of what.
        #[sea_orm(primary_key, auto_increment = false)]
        pub sort: String,
        /// How.
        pub how: String,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// At which hour somebody gets what is gathered.
pub mod hour {
    use sea_orm::entity::prelude::*;

    /// One hour.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notice_hour")]
    pub struct Model {
        /// Who.
        #[sea_orm(primary_key, auto_increment = false)]
        pub account: Uuid,
        /// From 0 to 23, in the authority's zone.
        pub hour: i32,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

housekept!(notice::Entity);
