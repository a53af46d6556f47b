// SPDX-License-Identifier: Apache-2.0
// Fetches key sets of clients.
#pragma once

#include "cds-hooks/auth/key_cache.h"
#include "cds-hooks/service/http_client.h"

namespace vigil::hooks {

/// Gets a key set within a few seconds. The client must outlive what is returned.
KeyFetcher make_key_fetcher(const HttpClient& client);

}  // namespace vigil::hooks
