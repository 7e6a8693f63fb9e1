-- Heartbeats for wrk at a steady pace: each connection waits so many
-- milliseconds between two of them. See heartbeats.lua.
--
--   wrk -s paced.lua URL -- APPS 1 WAIT

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "heartbeats.lua")

local begin, wait = init, 0

function init(arguments)
  wait = tonumber(arguments[3])
  math.randomseed(os.time())
  begin(arguments)
end

function delay()
  return wait / 2 + math.random(0, wait)
end
