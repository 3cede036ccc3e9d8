//! A document that shows something, made as small as it goes.

use serde_json::Value;

/// Leaves out fields and rows as long as what is left still `shows` it.
pub(crate) fn shrink(document: &Value, shows: impl Fn(&Value) -> bool) -> Value {
    let mut smallest = document.clone();
    loop {
        let before = smallest.clone();
        for path in paths(&before).iter().rev() {
            let mut smaller = smallest.clone();
            if remove(&mut smaller, path) && shows(&smaller) {
                smallest = smaller;
            }
        }
        if smallest == before {
            return smallest;
        }
    }
}

/// The JSON pointers of everything below a value, what is inside after what it is in.
fn paths(value: &Value) -> Vec<String> {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(field, value)| (field.clone(), value))
            .collect(),
        Value::Array(rows) => rows
            .iter()
            .enumerate()
            .map(|(place, value)| (place.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for (step, value) in inside {
        let step = step.replace('~', "~0").replace('/', "~1");
        all.push(format!("/{step}"));
        all.extend(
            paths(value)
                .into_iter()
                .map(|path| format!("/{step}{path}")),
        );
    }
    all
}

fn remove(value: &mut Value, path: &str) -> bool {
    let Some((parent, step)) = path.rsplit_once('/') else {
        return false;
    };
    match value.pointer_mut(parent) {
        Some(Value::Object(fields)) => fields.shift_remove(step).is_some(),
        Some(Value::Array(rows)) => match step.parse::<usize>() {
            Ok(place) if place < rows.len() => {
                rows.remove(place);
                true
            }
            _ => false,
        },
        _ => false,
    }
}
