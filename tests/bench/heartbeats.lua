-- Heartbeats for wrk: JSON bodies that cycle over so many apps, each so many
-- heartbeats long. The last line that it prints is what was measured, as JSON.
--
--   wrk -s heartbeats.lua URL -- APPS HEARTBEATS_A_BODY

local requests, at = {}, 0

local function body(first, count, apps)
  local entries = {}
  for index = first, first + count - 1 do
    entries[#entries + 1] = string.format('{"app_id": %d, "message": "OK:200"}', index % apps + 1)
  end
  if count == 1 then return entries[1] end
  return "[" .. table.concat(entries, ",") .. "]"
end

function init(arguments)
  local apps, count = tonumber(arguments[1]), tonumber(arguments[2])
  local headers = { ["Content-Type"] = "application/json" }
  for first = 0, apps - 1, count do
    requests[#requests + 1] = wrk.format("POST", "/api/apps/", headers, body(first, count, apps))
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"longest":%f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
