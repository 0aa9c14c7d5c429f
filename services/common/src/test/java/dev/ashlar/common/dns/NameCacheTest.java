package dev.ashlar.common.dns;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NameCacheTest {
    @Test
    void aPodWithANewAddressIsFoundWithinSeconds() {
        NameCache.shorten();
        assertThat(Security.getProperty("networkaddress.cache.ttl")).isEqualTo("1");
        assertThat(Security.getProperty("networkaddress.cache.negative.ttl")).isEqualTo("1");
    }

    @Test
    void aNativeImageReadsTheSettingWhenItRuns() throws IOException {
        try (InputStream properties = NameCache.class.getResourceAsStream(
                "/META-INF/native-image/dev.ashlar/ashlar-common/native-image.properties")) {
            assertThat(properties).isNotNull();
            assertThat(new String(properties.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("--initialize-at-run-time=sun.net.InetAddressCachePolicy");
        }
    }
}
