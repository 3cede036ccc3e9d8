//! The generated organisation with every key spelled out, as a host hands it to a peer.

use crate::world;
use crate::world::On;
use crate::world::World;

/// Of how many users how many questions are asked.
pub type Questions = (usize, usize);
pub const FEW: Questions = (64, 4_096);
pub const ANY: Questions = (usize::MAX, 32_768);
/// The duty that is asked of all users.
pub const ASKED: u16 = 90;

pub struct Rows {
    pub world: World,
    pub users: Vec<String>,
    pub duties: Vec<String>,
    pub modules: Vec<String>,
    pub profiles: Vec<String>,
}

impl Rows {
    pub fn new(users: usize) -> Self {
        let world = World::new(users);
        Self {
            users: (0..users).map(world::user_key).collect(),
            duties: (0..world::DUTIES).map(world::duty_key).collect(),
            modules: (0..world::MODULES)
                .map(|module| format!("module-{module:02}"))
                .collect(),
            profiles: (0..world.profiles.len())
                .map(|profile| format!("profile-{profile}"))
                .collect(),
            world,
        }
    }

    pub fn user(&self, user: u32) -> &str {
        &self.users[user as usize]
    }

    pub fn duty(&self, duty: u16) -> &str {
        &self.duties[usize::from(duty)]
    }

    pub fn profile(&self, profile: u16) -> &str {
        &self.profiles[usize::from(profile)]
    }

    pub fn module_of(&self, duty: u16) -> &str {
        &self.modules[world::module_of(usize::from(duty))]
    }

    /// The key of what an entry is of.
    pub fn on(&self, on: On) -> &str {
        match on {
            On::Duty(duty) => self.duty(duty),
            On::Module(module) => &self.modules[usize::from(module)],
        }
    }

    /// The profiles that have a duty.
    pub fn with(&self, duty: u16) -> impl Iterator<Item = &str> {
        let profiles = self.world.profiles.iter().zip(&self.profiles);
        profiles.filter_map(move |(duties, profile)| duties.contains(&duty).then_some(&**profile))
    }

    pub fn queries(&self, (users, count): Questions) -> Vec<(u32, u16)> {
        world::queries(&self.world, count, users, 7)
    }

    /// Grants that change an answer, one a user, to users who hold nothing of their own.
    pub fn grants(&self, count: usize) -> Vec<(u32, u16)> {
        let changes = |user: usize| {
            let duty = (user * 7 % world::DUTIES) as u16;
            let plain = self.world.people[user].entries.is_empty();
            (plain && !self.world.walk(user, duty)).then_some((user as u32, duty))
        };
        let step = (self.users.len() / (count * 3)).max(1);
        let users = (0..self.users.len()).step_by(step);
        users.filter_map(changes).take(count).collect()
    }
}
