//! A form as JSON Schema 2020-12, for the API.
//!
//! It says of submitted answers what [`Form::check`] says, as far as JSON Schema can: types, lengths, ranges, options, what is
//! required under which condition. It cannot compare days or moments, ask the registers, or tell a home from a workplace; a condition that compares days,
//! or that mixes an entry's own answers with the form's, is left out, and with it what would depend on it. `check` has the last word.

use serde_json::{Map, Value, json};

use super::{Form, PartKind, Question, QuestionType, Refuse, visible::Place};
use crate::condition::{Condition, Match, NOT_KNOWN, Operator};

/// Refuses control characters; a text of one line also line ends and tabs.
const LINES: &str = r"^[^\u0000-\u0008\u000B-\u001F\u007F]*$";
const LINE: &str = r"^[^\u0000-\u0008\u000A-\u001F\u007F]*$";

impl Form {
    /// The schema of a submission's answers.
    pub fn json_schema(&self) -> Value {
        let writer = Writer { form: self };
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut rules = Vec::new();
        for place in self.places().into_iter().filter(|place| place.group.is_none()) {
            let question = place.question;
            let schema = writer.question(question, &mut rules);
            let demanded = question.required || question.min_items.is_some_and(|least| least > 0);
            if !Writer::conditional(place) {
                properties.insert(question.id.clone(), schema);
                if demanded {
                    required.push(json!(question.id));
                }
                continue;
            }
            properties.insert(question.id.clone(), json!({"title": question.label}));
            let id = &question.id;
            if let Some(hidden) = writer.hidden(place) {
                rules.push(json!({"if": {"not": hidden}, "then": {"properties": {id: schema}}}));
            }
            if let Some(asked) = writer.asked(place).filter(|_| demanded) {
                rules.push(json!({"if": asked, "then": {"required": [id]}}));
            }
        }
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.title,
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        });
        if !rules.is_empty() {
            schema["allOf"] = Value::Array(rules);
        }
        schema
    }
}

struct Writer<'a> {
    form: &'a Form,
}

fn all(parts: Vec<Value>) -> Value {
    if parts.is_empty() { json!(true) } else { json!({"allOf": parts}) }
}

fn any(parts: Vec<Value>) -> Value {
    if parts.is_empty() { json!(false) } else { json!({"anyOf": parts}) }
}

fn has(id: &str, schema: Value) -> Value {
    json!({"type": "object", "required": [id], "properties": {id: schema}})
}

impl<'a> Writer<'a> {
    fn place(&self, id: &str) -> Option<Place<'a>> {
        self.form.places().into_iter().find(|place| place.question.id == id)
    }

    fn conditional(place: Place<'_>) -> bool {
        place.section.when.is_some() || place.question.when.is_some()
    }

    /// When a question of the form is known to be hidden.
    fn hidden(&self, place: Place<'a>) -> Option<Value> {
        let conditions = [&place.section.when, &place.question.when];
        let parts: Option<Vec<Value>> = conditions.into_iter().flatten().map(|when| self.condition(when, false, None)).collect();
        parts.map(any)
    }

    /// When a question of the form is known to be asked.
    fn asked(&self, place: Place<'a>) -> Option<Value> {
        let conditions = [&place.section.when, &place.question.when];
        let parts: Option<Vec<Value>> = conditions.into_iter().flatten().map(|when| self.condition(when, true, None)).collect();
        parts.map(all)
    }

    /// Holds for answers that make the condition true (or false), seen from an entry of `group` or from the form.
    fn condition(&self, condition: &Condition, wanted: bool, group: Option<&Question>) -> Option<Value> {
        let each = |parts: &[Condition]| parts.iter().map(|part| self.condition(part, wanted, group)).collect::<Option<Vec<_>>>();
        match condition {
            Condition::All(parts) => Some(if wanted { all(each(parts)?) } else { any(each(parts)?) }),
            Condition::Any(parts) => Some(if wanted { any(each(parts)?) } else { all(each(parts)?) }),
            Condition::Not(part) => self.condition(part, !wanted, group),
            Condition::Answered(id) => self.leaf(id, wanted, group, |_| Some(json!(true)), |_| Some(json!(false)), true),
            Condition::Equals(wants) | Condition::Includes(wants) => {
                self.leaf(&wants.question, wanted, group, |q| Some(equals(q, wants)), |q| Some(differs(q, wants)), false)
            }
            Condition::Compare(wants) => {
                let bound = |op: Operator| {
                    wants.value.as_f64()?;
                    let key = match op {
                        Operator::Gt => "exclusiveMinimum",
                        Operator::Gte => "minimum",
                        Operator::Lt => "exclusiveMaximum",
                        Operator::Lte => "maximum",
                    };
                    Some(json!({"type": "number", key: wants.value}))
                };
                let inside = |question: &Question, schema: Option<Value>| match question.kind {
                    QuestionType::Money => Some(has("amount", schema?)),
                    _ => schema,
                };
                let opposite = match wants.op {
                    Operator::Gt => Operator::Lte,
                    Operator::Gte => Operator::Lt,
                    Operator::Lt => Operator::Gte,
                    Operator::Lte => Operator::Gt,
                };
                self.leaf(&wants.question, wanted, group, |q| inside(q, bound(wants.op)), |q| inside(q, bound(opposite)), false)
            }
        }
    }

    /// One question's part in a condition: `yes` and `no` hold for answers that make it true and false.
    fn leaf(
        &self,
        id: &str,
        wanted: bool,
        group: Option<&Question>,
        yes: impl Fn(&Question) -> Option<Value>,
        no: impl Fn(&Question) -> Option<Value>,
        absent_is_false: bool,
    ) -> Option<Value> {
        let place = self.place(id)?;
        let question = place.question;
        let own = match (place.group, group) {
            (Some(of), Some(group)) => of.id == group.id,
            (None, None) => true,
            // The form's answers cannot be seen from an entry.
            (None, Some(_)) => return None,
            (Some(_), None) => false,
        };
        if !own {
            let of = place.group?;
            let each = if wanted {
                json!({"contains": has(id, yes(question)?)})
            } else if absent_is_false {
                json!({"items": {"not": {"required": [id]}}})
            } else {
                json!({"minItems": 1, "items": has(id, no(question)?)})
            };
            let around = self.around(Place { group: None, question: of, ..place }, wanted)?;
            let holds = if absent_is_false && !wanted {
                json!({"anyOf": [{"not": {"required": [of.id]}}, has(&of.id, each)]})
            } else {
                has(&of.id, each)
            };
            return Some(if wanted { all(vec![holds, around]) } else { any(vec![holds, around]) });
        }
        let holds = match (wanted, absent_is_false) {
            (true, _) => has(id, yes(question)?),
            (false, true) => json!({"not": {"required": [id]}}),
            (false, false) => has(id, no(question)?),
        };
        if group.is_some() {
            // A question of the same entry with a condition of its own.
            let Some(when) = &question.when else {
                return Some(holds);
            };
            let hidden = self.condition(when, false, group)?;
            return Some(if wanted { all(vec![holds, json!({"not": hidden})]) } else { any(vec![holds, hidden]) });
        }
        let around = self.around(place, wanted)?;
        Some(if wanted { all(vec![holds, around]) } else { any(vec![holds, around]) })
    }

    /// What the question's own condition adds: not hidden for true, hidden for false.
    fn around(&self, place: Place<'a>, wanted: bool) -> Option<Value> {
        if !Self::conditional(place) {
            return Some(json!(wanted));
        }
        let hidden = self.hidden(place)?;
        Some(if wanted { json!({"not": hidden}) } else { hidden })
    }

    /// The schema of one answer. Conditions inside a group that read the form's answers add to `rules` of the form.
    fn question(&self, question: &Question, rules: &mut Vec<Value>) -> Value {
        let mut schema = if question.kind == QuestionType::Group { self.group(question, rules) } else { plain(question) };
        if let Some(map) = schema.as_object_mut() {
            map.insert("title".to_owned(), json!(question.label));
            if let Some(hint) = &question.hint {
                map.insert("description".to_owned(), json!(hint));
            }
        }
        schema
    }

    fn group(&self, group: &Question, rules: &mut Vec<Value>) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut inside = Vec::new();
        for inner in &group.questions {
            let id = &inner.id;
            let schema = self.question(inner, rules);
            let Some(when) = &inner.when else {
                properties.insert(id.clone(), schema);
                if inner.required {
                    required.push(json!(id));
                }
                continue;
            };
            properties.insert(id.clone(), json!({"title": inner.label}));
            let own = when.questions().iter().all(|asked| group.questions.iter().any(|other| other.id == *asked));
            let (scope, around): (_, fn(&str, Value) -> Value) =
                if own { (Some(group), |_, then| then) } else { (None, |group, then| json!({"properties": {group: {"items": then}}})) };
            let target = if own { &mut inside } else { &mut *rules };
            if let Some(hidden) = self.condition(when, false, scope) {
                let then = around(&group.id, json!({"properties": {id: schema}}));
                target.push(json!({"if": {"not": hidden}, "then": then}));
            }
            if let Some(asked) = self.condition(when, true, scope).filter(|_| inner.required) {
                target.push(json!({"if": asked, "then": around(&group.id, json!({"required": [id]}))}));
            }
        }
        let mut item = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
        if !inside.is_empty() {
            item["allOf"] = Value::Array(inside);
        }
        json!({
            "type": "array",
            "items": item,
            "minItems": group.min_items.unwrap_or(0),
            "maxItems": group.item_limit(),
        })
    }
}

fn equals(question: &Question, wants: &Match) -> Value {
    match question.kind {
        QuestionType::Choices | QuestionType::Countries => {
            json!({"type": "array", "contains": {"const": wants.value}})
        }
        QuestionType::Money => has("amount", json!({"const": wants.value})),
        _ => json!({"const": wants.value}),
    }
}

fn differs(question: &Question, wants: &Match) -> Value {
    let same = equals(question, wants);
    if wants.value.is_boolean() {
        return json!({"not": {"anyOf": [same, {"const": NOT_KNOWN}]}});
    }
    json!({"not": same})
}

fn plain(question: &Question) -> Value {
    use QuestionType as T;
    let ids: Vec<&str> = question.options.iter().map(|option| option.id.as_str()).collect();
    let country = json!({"type": "string", "pattern": "^[A-Z]{2}$"});
    let id = json!({"type": "string", "maxLength": 64});
    match question.kind {
        T::Text | T::System => {
            json!({"type": "string", "maxLength": question.text_limit(), "pattern": LINE})
        }
        T::LongText => {
            json!({"type": "string", "maxLength": question.text_limit(), "pattern": LINES})
        }
        T::Number => bounded(question, json!({"type": if question.integer { "integer" } else { "number" }})),
        T::Date => json!({"type": "string", "format": "date"}),
        T::YesNo if question.refuse == Some(Refuse::HomeAddress) => {
            json!({"enum": if question.allow_unknown { json!([false, NOT_KNOWN]) } else { json!([false]) }})
        }
        T::YesNo if question.allow_unknown => json!({"enum": [true, false, NOT_KNOWN]}),
        T::YesNo => json!({"type": "boolean"}),
        T::Choice => json!({"enum": ids}),
        T::Choices => several(question, json!({"enum": ids})),
        T::Country => country,
        T::Countries => several(question, country),
        T::Party | T::Site => id,
        T::Money | T::Period | T::Moment | T::Address | T::Contact | T::File | T::Group => parts(question),
    }
}

fn several(question: &Question, items: Value) -> Value {
    let mut schema = json!({"type": "array", "items": items, "uniqueItems": true});
    for (key, bound) in [("minItems", question.min_items), ("maxItems", question.max_items)] {
        if let Some(bound) = bound {
            schema[key] = json!(bound);
        }
    }
    schema
}

fn bounded(question: &Question, mut schema: Value) -> Value {
    let limit = super::NUMBER_LIMIT;
    schema["exclusiveMinimum"] = json!(-limit);
    schema["exclusiveMaximum"] = json!(limit);
    for (key, bound) in [("minimum", &question.min), ("maximum", &question.max)] {
        if let Some(bound) = bound {
            schema[key] = bound.clone();
        }
    }
    schema
}

fn parts(question: &Question) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for part in question.parts() {
        let schema = match part.kind {
            PartKind::Upload => json!({"type": "string", "maxLength": 64}),
            PartKind::Line(limit) => json!({"type": "string", "maxLength": limit, "pattern": LINE}),
            PartKind::Lines(limit) => {
                json!({"type": "string", "maxLength": limit, "pattern": LINES})
            }
            PartKind::Email => {
                json!({"type": "string", "maxLength": 254, "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"})
            }
            PartKind::Telephone => {
                json!({"type": "string", "maxLength": 40, "pattern": r"^(?=(?:[^0-9]*[0-9]){5})[0-9 +\-().,/#extEXT]*$"})
            }
            PartKind::Date => json!({"type": "string", "format": "date"}),
            PartKind::Time => json!({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
            PartKind::Country => json!({"type": "string", "pattern": "^[A-Z]{2}$"}),
            PartKind::Amount => {
                let mut schema = bounded(question, json!({"type": "integer"}));
                if question.min.is_none() {
                    schema["minimum"] = json!(0);
                }
                schema
            }
            PartKind::Currency => json!({"type": "string", "pattern": "^[A-Z]{3}$"}),
        };
        properties.insert(part.name.to_owned(), schema);
        if part.required {
            required.push(json!(part.name));
        }
    }
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if question.kind == QuestionType::File {
        // One that was uploaded, or a note of where a paper can be had.
        schema["anyOf"] = json!([{"required": [super::UPLOADED]}, {"required": required}]);
    } else {
        schema["required"] = Value::Array(required);
    }
    schema
}
