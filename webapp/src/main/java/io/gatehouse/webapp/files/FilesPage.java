// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.files;

import io.gatehouse.control.FileList;
import io.gatehouse.control.FileStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.webapp.Answer;
import io.gatehouse.webapp.live.Live;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** The files of the tunnel directory. */
@Named
@RequestScoped
public class FilesPage {
  @Inject private Gateway gateway;
  @Inject private Live live;
  private Answer<FileList> answer = Answer.none();

  @PostConstruct
  void look() {
    answer = Answer.of(gateway, live.texts(), dataPlane -> dataPlane.files());
  }

  /** The files by name. */
  public List<FileStatus> getFiles() {
    return answer.value().map(FileList::files).orElse(List.of());
  }

  /** Why there are none to show; else empty. */
  public String getRefusal() {
    return answer.refusal();
  }
}
