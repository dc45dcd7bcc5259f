-- The tier that counts: a cancelled or expired subscription is free, one that is past due keeps what it has.
-- A bare RETURN is bound when it is created, so no search_path can bend it, and the planner still inlines it.
create or replace function fly_reconciler.effective_tier(tier text, status text, expires_at timestamptz)
returns text language sql stable
return case
  when status = 'cancelled' then 'free'
  when expires_at <= now() then 'free'
  when tier in ('pro', 'elite') then tier
  else 'free'
end;

-- The 32-bit string hash that the host application has always named apps by: h = h * 31 + unit, wrapped, absolute, hex.
create or replace function fly_reconciler.hash8(value text)
returns text language plpgsql immutable strict set search_path = '' as $$
declare
  v_hash bigint := 0;
begin
  for i in 1 .. length(value) loop
    v_hash := (v_hash * 31 + ascii(substr(value, i, 1))) & 4294967295;
  end loop;
  if v_hash >= 2147483648 then
    v_hash := 4294967296 - v_hash;
  end if;
  return lpad(to_hex(v_hash), 8, '0');
end;
$$;

-- The candidates of a user's app name, in order; 0 is the name that the host application would have given.
create or replace function fly_reconciler.app_name(user_id uuid, candidate integer default 0)
returns text language sql stable set search_path = '' as $$
  select coalesce((select d.app_name_prefix from fly_reconciler.row_defaults d), 'vyx-user-')
         || fly_reconciler.hash8(user_id::text)
         || case when candidate > 0 then '-' || fly_reconciler.hash8(user_id::text || '#' || candidate) else '' end
$$;
