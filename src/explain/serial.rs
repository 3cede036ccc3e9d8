//! The words of the value as data.

use serde::Serializer;
use serde::ser::SerializeMap;

use crate::decision::Decision;
use crate::layer::Opinion;
use crate::rule::Rank;

/// A decision as scenarios write it: `"permit"` would lose the layer, so `{ permit: { layer } }`.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
pub(super) fn decision<S: Serializer>(
    decision: &Decision,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(serde::Serialize)]
    struct Layer {
        layer: Rank,
    }
    let mut map = serializer.serialize_map(Some(1))?;
    match decision {
        Decision::Permit(layer) => map.serialize_entry("permit", &Layer { layer: *layer })?,
        Decision::Deny(denial) => map.serialize_entry("deny", denial)?,
    }
    map.end()
}

/// An opinion as it is displayed.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
pub(super) fn opinion<S: Serializer>(opinion: &Opinion, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(opinion)
}
