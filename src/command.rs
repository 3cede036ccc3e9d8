//! Commands: every way to change a tenant, as data.

use alloc::vec::Vec;
use core::str::FromStr;

use crate::id::CampaignId;
use crate::id::HolderKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::RequestId;
use crate::id::TargetKey;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::policy::Assign;
use crate::policy::Conflict;
use crate::policy::Department;
use crate::policy::Duty;
use crate::policy::GiveItem;
use crate::policy::Grant;
use crate::policy::Mode;
use crate::policy::Module;
use crate::policy::Node;
use crate::policy::Profile;
use crate::policy::Restrict;
use crate::policy::Reviewers;
use crate::policy::Revoke;
use crate::policy::Seats;
use crate::policy::Select;
use crate::policy::SetLevel;
use crate::policy::User;
use crate::policy::rows;
use crate::policy::words;
use crate::text::Name;
use crate::text::Text;
use crate::time::Duration;
use crate::time::Timestamp;

words! {
    /// The kinds of command, by the names that documents, logs and administration tables use.
    ///
    /// It may grow with the library.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::CommandKind;
    ///
    /// assert_eq!("add-user".parse(), Ok(CommandKind::AddUser));
    /// let unknown = "ad-user".parse::<CommandKind>().unwrap_err();
    /// assert_eq!(unknown.to_string(), "unknown command `ad-user`, nearest is `add-user`");
    /// ```
    #[non_exhaustive]
    CommandKind {
        /// Adds a user, with entries if it is an invitation.
        AddUser = "add-user": "add a user", "dar de alta a un usuario",
        /// Changes a user's name.
        SetName = "set-name": "change a name", "cambiar un nombre",
        /// Changes how to reach a user.
        SetContact = "set-contact": "change contact details", "cambiar los datos de contacto",
        /// Changes the name a user logs in with.
        SetLogin = "set-login": "change a login", "cambiar la cuenta de acceso",
        /// Moves a user to a team, or out of one.
        SetTeam = "set-team": "change a team", "cambiar de equipo",
        /// Gives or takes the right to see every team's records.
        SetAllTeams = "set-all-teams": "open or close all teams", "abrir o cerrar todos los equipos",
        /// Moves a user to a department, or out of one.
        SetDepartment = "set-department": "change a department", "cambiar de departamento",
        /// Makes a user a member of a group.
        Join = "join": "join a group", "incorporar a un grupo",
        /// Ends a membership.
        Leave = "leave": "leave a group", "retirar de un grupo",
        /// Disables a login.
        Disable = "disable": "disable a login", "desactivar el acceso",
        /// Enables a login.
        Enable = "enable": "enable a login", "activar el acceso",
        /// Ends a user's access and passes on what was theirs.
        Offboard = "offboard": "offboard", "tramitar la baja",
        /// Adds a scope.
        AddScope = "add-scope": "add a scope", "agregar un ámbito",
        /// Adds a department.
        AddDepartment = "add-department": "add a department", "agregar un departamento",
        /// Adds a team.
        AddTeam = "add-team": "add a team", "agregar un equipo",
        /// Adds a group.
        AddGroup = "add-group": "add a group", "agregar un grupo",
        /// Adds a module.
        AddModule = "add-module": "add a module", "agregar un módulo",
        /// Adds a duty.
        AddDuty = "add-duty": "add a duty", "agregar una función",
        /// Names the head of a department, or none.
        SetHead = "set-head": "name the head of a department", "nombrar al titular de un departamento",
        /// Lets another approve in a head's place.
        Delegate = "delegate": "delegate approvals", "delegar aprobaciones",
        /// Switches a module on or off.
        SwitchModule = "switch-module": "switch a module on or off", "activar o desactivar un módulo",
        /// Changes the tenant's mode.
        SetMode = "set-mode": "change the mode", "cambiar el modo",
        /// Changes the number of paid seats.
        SetSeats = "set-seats": "change the number of seats", "cambiar el número de licencias",
        /// Defines a profile, or defines it anew.
        DefineProfile = "define-profile": "define a profile", "definir un perfil",
        /// Retires a profile that nobody has.
        RetireProfile = "retire-profile": "retire a profile", "retirar un perfil",
        /// Gives a profile to a user or a group.
        Assign = "assign": "assign a profile", "asignar un perfil",
        /// Grants a target.
        Grant = "grant": "grant", "otorgar",
        /// Revokes a target.
        Revoke = "revoke": "revoke", "revocar",
        /// Sets an object to a rung.
        Level = "level": "set a level", "fijar un nivel",
        /// Ends an assignment.
        Unassign = "unassign": "take back a profile", "quitar un perfil",
        /// Ends a grant, a revoke or a level.
        Clear = "clear": "end an entry", "terminar una entrada",
        /// Puts a limit on a user or group.
        Restrict = "restrict": "put a limit", "imponer un límite",
        /// Takes it off again.
        Unrestrict = "unrestrict": "lift a limit", "levantar un límite",
        /// Gives a user rights on a private item.
        GiveItem = "give-item": "give rights on a private item", "dar derechos sobre un elemento privado",
        /// Ends them.
        TakeItem = "take-item": "take rights on a private item", "quitar derechos sobre un elemento privado",
        /// Declares a conflicting set.
        Conflict = "conflict": "declare conflicting duties", "declarar un conflicto de funciones",
        /// Excepts a user from a conflicting set until an instant.
        ExceptConflict = "except-conflict": "except from a conflict", "exceptuar de un conflicto de funciones",
        /// Asks for access.
        Request = "request": "request access", "solicitar acceso",
        /// Approves a request.
        Approve = "approve": "approve a request", "aprobar una solicitud",
        /// Withdraws a request.
        Withdraw = "withdraw": "withdraw a request", "retirar una solicitud",
        /// Carries out an approved request.
        Provision = "provision": "provision a request", "aplicar una solicitud",
        /// Denies a request.
        Deny = "deny": "deny a request", "denegar una solicitud",
        /// Opens a campaign.
        OpenCampaign = "open-campaign": "open a review", "abrir una revisión",
        /// Certifies an item under review.
        Certify = "certify": "certify", "certificar",
        /// Revokes an item under review.
        RevokeItem = "revoke-item": "revoke in a review", "revocar en una revisión",
        /// Closes a campaign.
        CloseCampaign = "close-campaign": "close a review", "cerrar una revisión",
        /// Cancels a campaign.
        CancelCampaign = "cancel-campaign": "cancel a review", "cancelar una revisión",
        /// Opens a ticket.
        OpenTicket = "open-ticket": "open a ticket", "abrir una incidencia",
        /// Moves a ticket to another status.
        Move = "move": "move a ticket", "cambiar el estado de una incidencia",
        /// Names who works a ticket.
        AssignTicket = "assign-ticket": "assign a ticket", "asignar una incidencia",
        /// Changes a ticket's priority.
        SetPriority = "set-priority": "change a priority", "cambiar la prioridad",
        /// Changes a ticket's category.
        SetCategory = "set-category": "change a category", "cambiar la categoría",
        /// Replies on a ticket.
        Reply = "reply": "reply", "responder",
        /// Notes on a ticket, for agents only.
        Note = "note": "note", "anotar",
        /// Attaches evidence to a ticket.
        Attach = "attach": "attach a file", "adjuntar un archivo",
        /// Reopens a ticket.
        Reopen = "reopen": "reopen a ticket", "reabrir una incidencia",
        /// Withdraws a ticket.
        WithdrawTicket = "withdraw-ticket": "withdraw a ticket", "retirar una incidencia",
        /// Closes a ticket as a duplicate.
        DuplicateOf = "duplicate-of": "close as a duplicate", "cerrar por duplicada",
        /// Opens a ticket that follows a closed one.
        FollowUp = "follow-up": "follow up a ticket", "dar continuidad a una incidencia",
        /// Links a ticket to an access request.
        LinkRequest = "link-request": "link a request", "vincular una solicitud",
        /// Replaces the desk's calendar or service levels.
        SetService = "set-service": "change the desk's service", "cambiar el servicio de la mesa de ayuda",
    }
}

impl FromStr for CommandKind {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        let known = Self::ALL.iter().map(|kind| kind.word());
        Self::from_word(word).ok_or_else(|| Unknown::new(Kind::Command, word, known))
    }
}

/// A change that an actor asks for. A tenant refuses it whole or accepts it as one event (rule 6).
///
/// It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Command {
    /// Adds a user, with entries if it is an invitation.
    AddUser(User),
    /// Changes a user's name.
    SetName(SetName),
    /// Changes how to reach a user.
    SetContact(SetContact),
    /// Changes the name a user logs in with.
    SetLogin(SetLogin),
    /// Moves a user to a team, or out of one.
    SetTeam(SetTeam),
    /// Gives or takes the right to see every team's records.
    SetAllTeams(SetAllTeams),
    /// Moves a user to a department, or out of one.
    SetDepartment(SetDepartment),
    /// Makes a user a member of a group.
    Join(Join),
    /// Ends a membership.
    Leave(Leave),
    /// Disables a login.
    Disable(OfUser),
    /// Enables a login.
    Enable(OfUser),
    /// Ends a user's access and passes on what was theirs.
    Offboard(Offboard),
    /// Adds a scope.
    AddScope(Node),
    /// Adds a department.
    AddDepartment(Department),
    /// Adds a team.
    AddTeam(Node),
    /// Adds a group.
    AddGroup(Node),
    /// Adds a module.
    AddModule(Module),
    /// Adds a duty.
    AddDuty(Duty),
    /// Names the head of a department, or none.
    SetHead(SetHead),
    /// Lets another approve in a head's place.
    Delegate(Delegate),
    /// Switches a module on or off.
    SwitchModule(SwitchModule),
    /// Changes the tenant's mode.
    SetMode(SetMode),
    /// Changes the number of paid seats.
    SetSeats(Seats),
    /// Defines a profile, or defines it anew.
    DefineProfile(Profile),
    /// Retires a profile that nobody has.
    RetireProfile(OfProfile),
    /// Gives a profile to a user or a group.
    Assign(Assign),
    /// Grants a target.
    Grant(Grant),
    /// Revokes a target.
    Revoke(Revoke),
    /// Sets an object to a rung.
    Level(SetLevel),
    /// Ends an assignment.
    Unassign(Unassign),
    /// Ends a grant, a revoke or a level.
    Clear(Clear),
    /// Puts a limit on a user or group.
    Restrict(Restrict),
    /// Takes a limit off again.
    Unrestrict(Unrestrict),
    /// Gives a user rights on a private item.
    GiveItem(GiveItem),
    /// Ends rights on a private item.
    TakeItem(TakeItem),
    /// Declares a conflicting set.
    Conflict(Conflict),
    /// Excepts a user from a conflicting set until an instant.
    ExceptConflict(ExceptConflict),
    /// Asks for access.
    Request(Request),
    /// Approves a request.
    Approve(OfRequest),
    /// Withdraws a request.
    Withdraw(OfRequest),
    /// Carries out an approved request.
    Provision(Provision),
    /// Denies a request.
    Deny(Deny),
    /// Opens a campaign.
    OpenCampaign(OpenCampaign),
    /// Certifies an item under review.
    Certify(Verdict),
    /// Revokes an item under review.
    RevokeItem(Verdict),
    /// Closes a campaign.
    CloseCampaign(CloseCampaign),
    /// Cancels a campaign.
    CancelCampaign(CancelCampaign),
}

macro_rules! optional {
    ($($(#[$doc:meta])* pub struct $name:ident {
        $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
        $(; $($(#[$odoc:meta])* $option:ident: $otype:ty,)*)?
    })*) => {rows! {$(
        $(#[$doc])*
        pub struct $name {
            $($(#[$fdoc])* pub $field: $type,)*
            $($($(#[$odoc])*
                #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
                pub $option: Option<$otype>,)*)?
        }
    )*}
    $(
        impl $name {
            /// With what it needs; of anything else nothing is said.
            #[must_use]
            pub fn new($($field: $type),*) -> Self {
                Self { $($field,)* $($($option: None,)*)? }
            }
        }
    )*};
}

optional! {
    /// Changes a user's name. Unlike the contact and the login it cannot be taken away.
    pub struct SetName {
        /// The user.
        user: UserKey,
        /// The name.
        name: Name,
    }

    /// Changes how to reach a user; absent: to none.
    pub struct SetContact {
        /// The user.
        user: UserKey,
        ;
        /// The contact.
        contact: Name,
    }

    /// Changes the name a user logs in with; absent: to none.
    pub struct SetLogin {
        /// The user.
        user: UserKey,
        ;
        /// The login.
        login: Name,
    }

    /// Moves a user to a team; absent: out of any.
    pub struct SetTeam {
        /// The user.
        user: UserKey,
        ;
        /// The team.
        team: Key,
    }

    /// Gives or takes the right to see every team's records.
    pub struct SetAllTeams {
        /// The user.
        user: UserKey,
        /// Whether the user has it.
        all_teams: bool,
    }

    /// Moves a user to a department; absent: out of any.
    pub struct SetDepartment {
        /// The user.
        user: UserKey,
        ;
        /// The department.
        department: Key,
    }

    /// Makes a user a member of a group for a window.
    pub struct Join {
        /// The user.
        user: UserKey,
        /// The group.
        group: Key,
        ;
        /// From when; absent: now.
        from: Timestamp,
        /// Until when; absent: without an end.
        until: Timestamp,
        /// Why.
        reason: Text,
        /// Whether a membership it clashes with ends now.
        replace: bool,
    }

    /// Ends a membership.
    pub struct Leave {
        /// The user.
        user: UserKey,
        /// The group.
        group: Key,
    }

    /// A command that names one user.
    pub struct OfUser {
        /// The user.
        user: UserKey,
    }

    /// Names the head of a department; absent: none.
    pub struct SetHead {
        /// The department.
        department: Key,
        ;
        /// The head.
        head: UserKey,
    }

    /// Lets another approve in a head's place for a window (rule 6.1). What the head delegated before ends where this
    /// begins, if the two overlap: a head has one delegate at a time.
    pub struct Delegate {
        /// The department.
        department: Key,
        /// The delegate.
        to: UserKey,
        ;
        /// From when; absent: now.
        from: Timestamp,
        /// Until when; absent: until the headship ends.
        until: Timestamp,
    }

    /// Switches a module on or off.
    pub struct SwitchModule {
        /// The module.
        module: Key,
        /// Whether it is on.
        enabled: bool,
    }

    /// Changes the tenant's mode.
    pub struct SetMode {
        /// The mode.
        mode: Mode,
    }

    /// A command that names one profile.
    pub struct OfProfile {
        /// The profile.
        profile: Key,
    }

    /// Ends an assignment.
    pub struct Unassign {
        /// The user or group.
        holder: HolderKey,
        /// The profile.
        profile: Key,
        ;
        /// Where it was assigned.
        scope: Key,
        /// Why.
        reason: Text,
    }

    /// Ends a grant, a revoke or a level.
    pub struct Clear {
        /// The holder.
        holder: HolderKey,
        /// The target.
        on: TargetKey,
        ;
        /// Where it was made.
        scope: Key,
        /// Why.
        reason: Text,
    }

    /// Takes a limit off a user or group.
    pub struct Unrestrict {
        /// The user or group.
        holder: HolderKey,
        /// The limit.
        limit: Key,
        ;
        /// Where it was put.
        scope: Key,
        /// Why.
        reason: Text,
    }

    /// Ends a user's rights on a private item.
    pub struct TakeItem {
        /// The user.
        user: UserKey,
        /// The item.
        item: ItemKey,
        ;
        /// Why.
        reason: Text,
    }

    /// Excepts a user from a conflicting set (rule 6.4).
    pub struct ExceptConflict {
        /// The user.
        user: UserKey,
        /// The set.
        conflict: Key,
        /// Why.
        reason: Text,
        /// Until when.
        until: Timestamp,
    }

    /// Asks for access (rule 6.1): exactly one of `on` and `profile`, at most one of `until` and `lasting`.
    pub struct Request {
        /// Why it is needed.
        justification: Text,
        ;
        /// For whom; absent: for the actor. Where the host asks, it asks for the beneficiary.
        beneficiary: UserKey,
        /// The target.
        on: TargetKey,
        /// The profile.
        profile: Key,
        /// Where; absent: everywhere.
        scope: Key,
        /// Until when.
        until: Timestamp,
        /// For how long from provisioning; documents call it `for`, which is read as well.
        #[cfg_attr(feature = "serde", serde(alias = "for"))]
        lasting: Duration,
        /// The host's key of the document behind it.
        document: Text,
    }

    /// A command that names one request.
    pub struct OfRequest {
        /// The request.
        request: RequestId,
    }

    /// Carries out an approved request; the end may be set where none was asked, or be earlier.
    pub struct Provision {
        /// The request.
        request: RequestId,
        ;
        /// Until when.
        until: Timestamp,
        /// For how long from now; documents call it `for`, which is read as well.
        #[cfg_attr(feature = "serde", serde(alias = "for"))]
        lasting: Duration,
    }

    /// Denies a request.
    pub struct Deny {
        /// The request.
        request: RequestId,
        /// Why.
        reason: Text,
    }

    /// Opens a campaign (rule 6.2): by name and due instant, or from a schedule.
    #[derive(Default)]
    pub struct OpenCampaign {
        ;
        /// Its name; absent with a schedule: the schedule's.
        name: Name,
        /// When it is due; absent with a schedule: after the schedule's `due-in`.
        due: Timestamp,
        /// What is reviewed; absent: of every user.
        select: Select,
        /// By whom; absent: by the heads of departments.
        reviewers: Reviewers,
        /// The schedule it comes from.
        schedule: Key,
    }

    /// Decides one item of a campaign: exactly one of `user` and `holder`, one of `on`, `profile` and `group`.
    pub struct Verdict {
        /// The campaign.
        campaign: CampaignId,
        ;
        /// Whose item.
        user: UserKey,
        /// Whose item, where a group's own access is reviewed.
        holder: HolderKey,
        /// The target of the entry.
        on: TargetKey,
        /// The profile of the assignment.
        profile: Key,
        /// The group of the membership.
        group: Key,
        /// Where it holds.
        scope: Key,
        /// What the reviewer wants kept with it.
        note: Text,
    }

    /// Closes a campaign.
    pub struct CloseCampaign {
        /// The campaign.
        campaign: CampaignId,
        ;
        /// What becomes of undecided items; absent: there must be none.
        undecided: Undecided,
    }

    /// Cancels a campaign.
    pub struct CancelCampaign {
        /// The campaign.
        campaign: CampaignId,
        /// Why.
        reason: Text,
    }
}

rows! {
    /// Ends a user's access and passes on what was theirs (rule 6.3).
    pub struct Offboard {
        /// The leaver.
        pub user: UserKey,
        /// Who takes over the leaver's records.
        pub successor: UserKey,
        /// What the host and its helpdesk have in the leaver's name. Its event lists them with everything else that
        /// moves, so that the host stores event and moves in one transaction.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        pub records: Vec<Record>,
    }

    /// A record outside of the tenant that names a user as its owner or assignee.
    pub struct Record {
        /// What it is: `invoice`, `ticket`, …
        pub kind: Text,
        /// The host's key of it.
        pub key: Text,
        /// As what it names the user: `owner`, `assignee`, …
        pub role: Text,
        /// Whose it becomes; absent: the successor's.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub to: Option<Heir>,
    }
}

words! {
    /// Whose a leaver's record becomes. Closed: it is somebody's or nobody's.
    Heir {
        /// The successor's.
        Successor = "successor": "the successor's", "del sucesor",
        /// Nobody's: the successor may not have it.
        Nobody = "nobody": "nobody's", "de nadie",
    }
}

words! {
    /// What closing does with items that nobody decided. Closed: the rule has this one.
    Undecided {
        /// They are revoked.
        Revoke = "revoke": "revoke", "revocar",
    }
}

impl Command {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> CommandKind {
        macro_rules! kinds {
            ($($kind:ident)*) => { match self { $(Self::$kind(_) => CommandKind::$kind,)* } };
        }
        kinds! {
            AddUser SetName SetContact SetLogin SetTeam SetAllTeams SetDepartment Join Leave Disable Enable
            Offboard AddScope AddDepartment AddTeam AddGroup AddModule AddDuty SetHead Delegate SwitchModule
            SetMode SetSeats DefineProfile RetireProfile Assign Grant Revoke Level Unassign Clear Restrict
            Unrestrict GiveItem TakeItem Conflict ExceptConflict Request Approve Withdraw Provision Deny
            OpenCampaign Certify RevokeItem CloseCampaign CancelCampaign
        }
    }
}
