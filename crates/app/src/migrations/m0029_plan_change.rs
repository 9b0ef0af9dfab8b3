//! Changes of a security plan: the notice with which one began.

use platform::migrations::Kit;
use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "a0029_plan_change"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        Kit::table("plan_change_notice").uuid("case").bytes("notice").long("at").key(&["case"]).refers("case", "case_file").create(m).await
    }
}
