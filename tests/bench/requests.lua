-- Sends the requests of a file, one after the other: lines of method, path, If-Match, body, parted by tabs.
-- An update is sent again with the version that its answer gave, so that If-Match always holds.
local waiting, first = {}, 1

local function sent_again(status, headers, body)
  local id, version = body:match('^{"resourceType":"CarePlan","id":"([^"]+)","meta":{"versionId":"(%d+)"')
  if status == 200 and id then
    waiting[#waiting + 1] = { method = "PUT", path = "/fhir/CarePlan/" .. id, version = version, body = body }
  end
end

function init(args)
  for line in io.lines(args[1]) do
    local method, path, version, body = line:match("([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)")
    waiting[#waiting + 1] = { method = method, path = path, version = version, body = body }
    if version ~= "" then response = sent_again end
  end
end

function request()
  local one = waiting[first]
  if one == nil then
    return wrk.format("GET", "/healthz")
  end
  first = first + 1
  local headers = { ["Content-Type"] = "application/fhir+json" }
  for name, value in pairs(wrk.headers) do headers[name] = value end
  if one.version ~= "" then
    headers["If-Match"] = 'W/"' .. one.version .. '"'
  else
    waiting[#waiting + 1] = one
  end
  return wrk.format(one.method, one.path, headers, one.body)
end
