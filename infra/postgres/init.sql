-- Roles and databases, one set an app. Repeatable; run as an administrator by the local stack, by compose and by psql:
--   psql "$ADMIN_URL" -v ON_ERROR_STOP=1 -v identity_password=… -v identity_owner_password=… … -f init.sql
-- Written in the few words of psql that infra/local understands too: :'variable' and \gexec (run each cell of the answer).
-- Tables and grants are the migrations' business: each app runs them as its <app>_owner.

set client_min_messages = warning;

select pg_advisory_lock(727274); -- two runs at once would both make a missing role

create temporary table wanted (role text, password text, kind text, app text);
insert into wanted values
  ('identity', :'identity_password', 'login', 'identity'),
  ('identity_owner', :'identity_owner_password', 'owner', 'identity'),
  ('identity_app', null, 'group', 'identity'),
  ('identity_system', null, 'group', 'identity'),
  ('identity_auth', :'identity_auth_password', 'library', 'identity'), -- better-auth's own pool
  ('connections', :'connections_password', 'login', 'connections'),
  ('connections_owner', :'connections_owner_password', 'owner', 'connections'),
  ('connections_app', null, 'group', 'connections'),
  ('connections_system', null, 'group', 'connections'),
  ('agent_runner', :'agent_runner_password', 'login', 'agent_runner'),
  ('agent_runner_owner', :'agent_runner_owner_password', 'owner', 'agent_runner'),
  ('agent_runner_app', null, 'group', 'agent_runner'),
  ('agent_runner_system', null, 'group', 'agent_runner'),
  ('agent_runner_checkpoint', null, 'group', 'agent_runner'), -- what the checkpointer works as
  ('auditor', :'auditor_password', 'login', 'auditor'),
  ('auditor_owner', :'auditor_owner_password', 'owner', 'auditor'),
  ('auditor_app', null, 'group', 'auditor'),
  ('auditor_system', null, 'group', 'auditor'),
  ('notifier', :'notifier_password', 'login', 'notifier'),
  ('notifier_owner', :'notifier_owner_password', 'owner', 'notifier'),
  ('notifier_app', null, 'group', 'notifier'),
  ('notifier_system', null, 'group', 'notifier');

-- A login inherits nothing: what it may do, each transaction says by its role. `noinherit` comes before any grant, since each grant keeps its own flag.
select format('create role %I %s noinherit', role, case kind when 'group' then 'nologin' else 'login' end)
from wanted where not exists (select from pg_roles where rolname = role) \gexec
select format('alter role %I password %L', role, password) from wanted where password is not null \gexec

-- The login may become any group of its app; the owner may become the system, for migrations that change data.
select format('grant %I to %I with inherit false, set true', g.role, m.role)
from wanted g join wanted m using (app)
where g.kind = 'group' and (m.kind = 'login' or m.kind = 'owner' and g.role = app || '_system') \gexec

-- An administrator who is no superuser (a managed Postgres) has to be able to become the owner to make its database.
select format('grant %I to current_user with inherit false, set true', role)
from wanted where kind = 'owner' and not (select rolsuper from pg_roles where rolname = current_user) \gexec

select format('create database %I owner %I encoding ''UTF8'' template template0', app, role)
from wanted where kind = 'owner' and not exists (select from pg_database where datname = app) \gexec
select format('revoke connect, temporary on database %I from public', app) from wanted where kind = 'owner' \gexec
select format('grant connect on database %I to %I', app, role) from wanted where kind in ('login', 'library') \gexec

drop table wanted;
select pg_advisory_unlock(727274);
