//! Schemas from tables: a register's field as JSON.

use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Required};

use crate::register::{Field, Kind};
use crate::texts;

/// The largest whole number that every JSON reader reads exactly.
pub(super) const LARGEST: u64 = 9_007_199_254_740_991;

/// A text without control characters, in one line.
pub(super) const LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";
/// A text without control characters but line ends and tabs.
pub(super) const LINES: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$";

/// Schemas by their names, in the order in which they were told.
pub type Shapes = Vec<(String, RefOr<Schema>)>;

/// A schema by its name.
pub(super) fn named(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

/// An object of these properties; others are refused where it is sent. Those marked must be there.
pub fn object(properties: impl IntoIterator<Item = (String, RefOr<Schema>, bool)>, closed: bool) -> RefOr<Schema> {
    let mut all = ObjectBuilder::new();
    for (name, schema, required) in properties {
        all = all.property(name.clone(), schema);
        if required {
            all = all.required(name);
        }
    }
    if closed {
        all = all.additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::FreeForm(false)));
    }
    all.build().into()
}

/// The schema, or null.
pub fn nullable(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) if object.enum_values.is_none() => {
            if let SchemaType::Type(one) = object.schema_type {
                object.schema_type = SchemaType::Array(vec![one, Type::Null]);
            }
            RefOr::T(Schema::Object(object))
        }
        other => {
            let null = ObjectBuilder::new().schema_type(Type::Null).build();
            RefOr::T(Schema::OneOf(OneOfBuilder::new().item(other).item(null).build()))
        }
    }
}

/// A register's field, as its records hold it. `asked`: as it is sent, with all limits.
pub fn field(field: &Field, asked: bool) -> RefOr<Schema> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let limited = |pattern: &str| {
        let least = usize::from(field.is_required);
        if asked { text().max_length(Some(field.most)).min_length(Some(least)).pattern(Some(pattern)) } else { text() }
    };
    let number = |most: Option<usize>| {
        let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
        match most.filter(|_| asked).and_then(|most| u32::try_from(most).ok()) {
            Some(most) => number.maximum(Some(most)),
            None => number,
        }
    };
    let built = match field.kind {
        Kind::Text | Kind::Code => limited(LINE),
        Kind::LongText => limited(LINES),
        Kind::Choice(codes) => text().enum_values(Some(codes.iter().copied())),
        Kind::Choices(codes) => {
            let one = text().enum_values(Some(codes.iter().copied())).build();
            return ArrayBuilder::new().items(one).description(Some(texts::t(field.label))).build().into();
        }
        Kind::Country => text().pattern(Some("^[A-Z]{2}$")),
        Kind::Date => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
        Kind::Money(_) => number(None).maximum(Some(LARGEST)),
        Kind::Number => number(Some(field.most)),
        Kind::Pick => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))),
    };
    let schema: RefOr<Schema> = built.description(Some(texts::t(field.label))).build().into();
    if field.is_required { schema } else { nullable(schema) }
}

/// A page of a list: its items, and the address of the next page.
pub(super) fn page(name: &str) -> RefOr<Schema> {
    let items: RefOr<Schema> = ArrayBuilder::new().items(named(name)).build().into();
    let next = ObjectBuilder::new().schema_type(Type::String).description(Some(texts::t("api-page-next"))).build().into();
    object([("items".to_owned(), items, true), ("next".to_owned(), nullable(next), true)], false)
}

/// Whether something must be there.
pub(super) fn required(is: bool) -> Required {
    if is { Required::True } else { Required::False }
}
