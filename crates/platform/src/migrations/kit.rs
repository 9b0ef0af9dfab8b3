//! Short words for writing migrations, with the portable types: ids UUID, instants BIGINT, everything else TEXT, BLOB or INTEGER.

use sea_orm_migration::prelude::*;

/// A table being described.
pub struct Kit {
    table: TableCreateStatement,
    name: String,
    indexes: Vec<IndexCreateStatement>,
    key: Vec<String>,
}

impl Kit {
    /// The table `name`.
    pub fn table(name: &str) -> Self {
        Self { table: Table::create().table(Alias::new(name)).to_owned(), name: name.to_owned(), indexes: Vec::new(), key: Vec::new() }
    }

    fn column(mut self, name: &str, make: impl FnOnce(&mut ColumnDef) -> &mut ColumnDef, null: bool) -> Self {
        let mut column = ColumnDef::new(Alias::new(name));
        make(&mut column);
        if !null {
            column.not_null();
        }
        self.table.col(&mut column);
        self
    }

    /// A UUID column.
    #[must_use]
    pub fn uuid(self, name: &str) -> Self {
        self.column(name, ColumnDef::uuid, false)
    }

    /// A UUID column that may be empty.
    #[must_use]
    pub fn uuid_null(self, name: &str) -> Self {
        self.column(name, ColumnDef::uuid, true)
    }

    /// A text column: codes, names, ISO dates, JSON.
    #[must_use]
    pub fn text(self, name: &str) -> Self {
        self.column(name, ColumnDef::text, false)
    }

    /// A text column that may be empty.
    #[must_use]
    pub fn text_null(self, name: &str) -> Self {
        self.column(name, ColumnDef::text, true)
    }

    /// A 64-bit column: instants in milliseconds, amounts in minor units, indexes.
    #[must_use]
    pub fn long(self, name: &str) -> Self {
        self.column(name, ColumnDef::big_integer, false)
    }

    /// A 64-bit column that may be empty.
    #[must_use]
    pub fn long_null(self, name: &str) -> Self {
        self.column(name, ColumnDef::big_integer, true)
    }

    /// A 32-bit column: versions, counts, tiers.
    #[must_use]
    pub fn int(self, name: &str) -> Self {
        self.column(name, ColumnDef::integer, false)
    }

    /// A 32-bit column that may be empty.
    #[must_use]
    pub fn int_null(self, name: &str) -> Self {
        self.column(name, ColumnDef::integer, true)
    }

    /// A yes or no.
    #[must_use]
    pub fn flag(self, name: &str) -> Self {
        self.column(name, ColumnDef::boolean, false)
    }

    /// Bytes.
    #[must_use]
    pub fn bytes(self, name: &str) -> Self {
        self.column(name, |c| c.blob(), false)
    }

    /// Bytes that may be empty.
    #[must_use]
    pub fn bytes_null(self, name: &str) -> Self {
        self.column(name, |c| c.blob(), true)
    }

    /// The primary key.
    #[must_use]
    pub fn key(mut self, columns: &[&str]) -> Self {
        self.key = columns.iter().map(|c| (*c).to_owned()).collect();
        self
    }

    /// An index.
    #[must_use]
    pub fn index(self, columns: &[&str]) -> Self {
        self.add_index(columns, false)
    }

    /// A unique index. Rows where a column is empty do not collide.
    #[must_use]
    pub fn unique(self, columns: &[&str]) -> Self {
        self.add_index(columns, true)
    }

    fn add_index(mut self, columns: &[&str], unique: bool) -> Self {
        let mut index = Index::create().name(format!("{}_{}", self.name, columns.join("_"))).table(Alias::new(&self.name)).to_owned();
        for column in columns {
            index.col(Alias::new(*column));
        }
        if unique {
            index.unique();
        }
        self.indexes.push(index);
        self
    }

    /// A reference to `other`'s `id`.
    #[must_use]
    pub fn refers(mut self, column: &str, other: &str) -> Self {
        self.table.foreign_key(
            ForeignKey::create()
                .name(format!("{}_{column}_fk", self.name))
                .from(Alias::new(&self.name), Alias::new(column))
                .to(Alias::new(other), Alias::new("id")),
        );
        self
    }

    /// Creates it.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn create(mut self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let mut key = Index::create();
        for column in &self.key {
            key.col(Alias::new(column));
        }
        self.table.primary_key(&mut key);
        manager.create_table(self.table).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
