//! Who answers for a department: its head, or the next one up.

use crate::ix::DepartmentIx;
use crate::ix::UserIx;
use crate::model::Model;

/// The departments from one upwards.
pub(crate) fn upwards(
    model: &Model,
    department: Option<DepartmentIx>,
) -> impl Iterator<Item = DepartmentIx> + '_ {
    let above = department
        .into_iter()
        .flat_map(|department| model.departments.upwards(department.get()));
    above.map(DepartmentIx::new)
}

/// The heads of a user's department and of those above it, as far as their logins are enabled.
pub(crate) fn heads_of(
    model: &Model,
    user: UserIx,
) -> impl Iterator<Item = (DepartmentIx, UserIx)> + '_ {
    let department = model.user(user).and_then(|user| user.department);
    upwards(model, department).filter_map(|department| {
        let head = model.head(department)?;
        model
            .user(head)
            .is_some_and(|head| head.enabled)
            .then_some((department, head))
    })
}
