"""Webhook bodies of GitHub, GitLab and Gitea/Forgejo, reduced to the parts that matter, under the names their public
documentation gives them. See NOTICE.md.
"""
