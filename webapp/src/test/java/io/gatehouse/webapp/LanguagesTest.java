// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', en",
    "'', 'fr-FR,fr;q=0.9', en",
    "'', 'fr, de-AT;q=0.8, en;q=0.7', de",
    "'', 'ar-EG', ar",
    "de, 'en', de",
    "xx, 'de', en",
    "'', '%%%', en"
  })
  void theVisitorsChoiceComesBeforeTheBrowsers(String chosen, String accepted, String language) {
    assertThat(Languages.choose(chosen, accepted)).isEqualTo(Locale.forLanguageTag(language));
  }
}
